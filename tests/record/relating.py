"""A site with five documents, of which two are in no set."""

DOCUMENTS = """\
timezone: UTC
grounds:
  - {id: law, title: The law requires it, cites: law}
  - {id: fair, title: It is fair, conditions: [{id: fair, text: It harms nobody.}]}
sets:
  - id: main
    title: Main
    agreement: agreement
    incorporates: [rules, models]
    precedence: [rules, agreement]
documents:
  - {id: agreement, title: The Agreement, kind: agreement, file: agreement.md, notice_days: 10}
  - id: rules
    title: Rules of Use
    kind: url-terms
    file: rules.md
    policy: Posted here.
    notice_days: 30
  - {id: models, title: Model List, kind: catalogue, file: models.yml}
  - {id: pricing, title: Pricing, kind: notice-only, published: https://example.com/prices, policy: Elsewhere.}
  - {id: privacy, title: Privacy, kind: policy, file: privacy.md, grounds: [law, fair]}
"""
EVERYTHING = "agreement, rules, models, pricing, privacy"
