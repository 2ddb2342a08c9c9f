"""The words that `corpus_maker` puts contracts together from: plain legal English, written for this purpose."""

PARTIES = ("Provider", "Customer")

# Terms that the agreement defines for the whole set.
SHARED_TERMS = (
    "Affiliate",
    "Authorised User",
    "Billing Account",
    "Business Day",
    "Competent Authority",
    "Confidential Material",
    "Content",
    "Control",
    "Credentials",
    "Documentation",
    "Effective Date",
    "Fee",
    "Force Majeure Event",
    "Good Industry Practice",
    "Incident",
    "Intellectual Property",
    "Liability",
    "Loss",
    "Notice",
    "Order Form",
    "Permitted Purpose",
    "Personal Data",
    "Platform",
    "Professional Advice",
    "Renewal Term",
    "Service",
    "Service Credit",
    "Subcontractor",
    "Support Plan",
    "Tax",
    "Term",
    "Third Party Material",
)

# A page's own terms are one of these before one of those: 48 × 48 of them, so that 200 pages have ten each.
QUALIFIERS = (
    "Accrued Annual Archived Assigned Audited Backup Baseline Bundled Certified Combined Committed Consumed Covered "
    "Custom Dedicated Deferred Delegated Derived Eligible Encrypted Evaluated Excluded Expanded Federated Forecast "
    "Hosted Inbound Indexed Initial Licensed Listed Managed Metered Migrated Monitored Outbound Partner Prepaid "
    "Priority Protected Provisional Published Recorded Regional Replicated Reserved Restored Scheduled"
)
SUBJECTS = (
    "Account Address Allowance Appliance Asset Balance Batch Bucket Capacity Catalogue Channel Charge Cluster "
    "Commitment Component Connector Contact Credit Dataset Deliverable Deployment Device Domain Endpoint Environment "
    "Feature File Gateway Image Instance Interface Key Library Log Message Network Node Plan Pool Project Quota "
    "Region Report Request Resource Session Snapshot Workload"
)

HEADINGS = (
    "Scope",
    "Access",
    "Accounts",
    "Use Rights",
    "Restrictions",
    "Customer Duties",
    "Provider Duties",
    "Support",
    "Availability",
    "Maintenance",
    "Charges",
    "Invoices",
    "Late Payment",
    "Data Protection",
    "Security",
    "Confidentiality",
    "Audit",
    "Records",
    "Feedback",
    "Ownership",
    "Warranties",
    "Disclaimers",
    "Indemnities",
    "Limits of Liability",
    "Insurance",
    "Suspension",
    "Termination",
    "Consequences of Termination",
    "Changes to These Terms",
    "Notices",
    "Assignment",
    "Subcontracting",
    "Export",
    "Governing Law",
    "Disputes",
    "Miscellaneous",
)
SUBHEADINGS = (
    "General Rule",
    "Exceptions",
    "Procedure",
    "Time Limits",
    "Evidence",
    "Cooperation",
    "Costs",
    "Remedies",
    "Survival",
    "Third Parties",
    "Approval",
    "Reporting",
)

MODALS = ("shall", "must", "will", "may", "shall not", "must not")
VERBS = (
    "disclose",
    "retain",
    "transfer",
    "review",
    "restrict",
    "maintain",
    "replace",
    "withhold",
    "return",
    "correct",
    "document",
    "inspect",
    "publish",
    "deliver",
    "suspend access to",
    "give prompt warning of",
    "keep an accurate account of",
    "make commercially reasonable efforts to protect",
    "bear the reasonable cost of",
    "obtain every consent that is needed for",
)
THINGS = (
    "any part of the {term}",
    "the {term} that the other party supplied",
    "a copy of each {term}",
    "all {term} held on behalf of the other party",
    "the results obtained from the {term}",
    "information that concerns the {term}",
    "any change to the {term} or to the way in which it is offered",
    "the record of every {term} and of its use",
    "a claim that arises out of the {term}",
    "the amounts that fall due for the {term}",
)
MANNERS = (
    "in accordance with the {term}",
    "without undue delay",
    "to the extent the law that applies permits",
    "at its own expense",
    "in writing and in good faith",
    "with the care that a prudent business in the same trade would take",
    "whether directly or through {a_term}",
    "on the conditions set out in {reference}",
    "subject always to {reference}",
)
CONDITIONS = (
    "unless the parties have agreed otherwise in writing",
    "if the {term} is no longer available for reasons beyond reasonable control",
    "where a court or {a_term} so requires",
    "for as long as the {term} remains in effect",
    "provided that the other party has received {a_term} at least {days} days in advance",
    "once {days} days have passed since the {term}",
    "except in the cases that {reference} describes",
    "as soon as it becomes aware that the {term} was used for another purpose",
    "even if it was told that such a thing might happen",
)
SENTENCES = (
    "{party} {modal} {verb} {thing} {manner}, {condition}",
    "{party} {modal} {verb} {thing}, {condition}, and the other party {modal} {verb} {thing} {manner}",
    "Nothing in {reference} gives {party} a right to {verb} {thing} {manner}",
    "The {term} is to be read together with {reference}, and where the two disagree {reference} prevails {condition}",
    "If {party} fails to {verb} {thing} within {days} days, the other party may, {manner}, {verb} {thing}",
    "{A_term} is due on the day on which {party} has received the {term}, {condition}",
    "*For the avoidance of doubt*, {party} is not bound to {verb} {thing}, {condition}",
    "Any {term} that was given before the {term} stays valid, {condition}; the rest of the {term} is not affected",
    "{party} acknowledges that the {term} may contain errors, that it is offered as it stands, and that the other "
    "party {modal} {verb} {thing} {manner}",
)
LEADS = (
    "{party} shall not, and shall not allow any {term} to:",
    "{condition}, {party} must do each of the following:",
    "The {term} does not give {party} a right to:",
    "Either party may end the {term} {manner} if the other fails to:",
)
ITEMS = (
    "{verb} {thing} {manner}",
    "{verb} or {verb} {thing}, {condition}",
    "{verb} {thing} in order to {verb} {thing}",
)
RUN_INS = (
    "{party} represents that it (a) will {item}, (b) will {item}, and (c) has not failed to {item}.",
    "Costs are borne by the party that (i) had to {item}, or (ii) chose to {item}.",
)
MEANINGS = (
    "means {thing} that a party must {verb} {manner}, {condition}",
    "means the {term}, together with {thing}, {condition}, but not {thing}",
    "has the meaning of {a_term} that either party may {verb} {manner}, and includes {thing}",
    "means each {term} by which {party} can {verb} {thing}, {condition}",
)
