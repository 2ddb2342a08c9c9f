"""What readers of a contract look for, and the places that answer them best: 40 searches with the expected first hit.

Each has one place, or several where any of them answers. They were written down before the search was measured.
"""

# fmt: off
PROJECT: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("governing law", ("agreement/#us-governing-law",)),
    ("terminate", ("agreement/#termination", "agreement/#term-and-termination")),
    ("how do I terminate", ("agreement/#termination", "agreement/#term-and-termination")),
    ("termination for cause", ("agreement/#termination", "agreement/#term-and-termination")),
    ("DMCA", ("copyright/", "copyright/#how-to-notify-crusoe")),
    ("takedown", ("copyright/", "copyright/#how-to-notify-crusoe")),
    ("limitation of liability", ("agreement/#limitation-of-liability",)),
    ("liability cap", ("agreement/#limitation-on-amount-of-liability", "agreement/#limitation-of-liability")),
    ("indemnity", ("agreement/#indemnification",)),
    ("indemnify", ("agreement/#indemnification",)),
    ("warranty", ("agreement/#representations-and-warranties",)),
    ("confidentiality", ("agreement/#confidential-information", "agreement/#definitions.confidential-information")),
    ("force majeure", ("agreement/#force-majeure",)),
    ("assign", ("agreement/#assignment",)),
    ("training on my data", ("agreement/#protection-of-customer-data-no-training",)),
    ("acceptable use policy", ("terms/acceptable-use/", "agreement/#definitions.aup")),
    ("prices", ("agreement/#definitions.fees", "changes/#pricing")),
    ("e-mail", ("agreement/#emails",)),
    (
        "security measures",
        (
            "terms/data-processing/#safeguards",
            "terms/data-processing/#technical-safeguards",
            "terms/data-processing/#administrative-safeguards",
            "terms/data-processing/#physical-safeguards",
        ),
    ),
    ("context window", ("models/", "models/#llama-3.3-70b-instruct")),
)

# fmt: on
TOUR: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("SLA", ("terms/service-levels/", "agreement/#definitions.service-levels")),
    ("uptime", ("terms/service-levels/#availability", "terms/service-levels/#availability.availability-goal")),
    ("refund", ("terms/service-levels/#credit",)),
    ("sub-processors", ("terms/data-processing/#subprocessors", "terms/data-processing/#definitions.subprocessor")),
    ("subprocessor", ("terms/data-processing/#subprocessors", "terms/data-processing/#definitions.subprocessor")),
    ("new subprocessors", ("terms/data-processing/#changes-of-subprocessors",)),
    ("pricing", ("agreement/#fees", "agreement/#definitions.fees")),
    ("cancel", ("agreement/#ending-the-agreement", "agreement/#term-and-termination")),
    ("termination", ("agreement/#term-and-termination", "agreement/#ending-the-agreement")),
    ("governing law", ("agreement/#governing-law",)),
    ("jurisdiction", ("agreement/#governing-law",)),
    ("data breach", ("terms/data-processing/#incidents", "terms/data-processing/#definitions.incident")),
    ("data retention", ("terms/data-processing/#retention",)),
    ("where is data stored", ("terms/data-processing/#places",)),
    ("DPA", ("terms/data-processing/", "agreement/#definitions.data-processing-terms")),
    ("copyright notice", ("copyright/", "copyright/#what-a-notice-holds")),
    ("liability limit", ("agreement/#limit", "agreement/#liability")),
    ("support", ("agreement/#support",)),
    ("Heron 3", ("models/#heron-3-110b",)),
    ("NDA", ("agreement/#confidentiality", "agreement/#definitions.confidential-information")),
)
