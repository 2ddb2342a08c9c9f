"""Axe, the script that finds what is wrong with a page for people who cannot see it, or not well."""

from importlib.resources import files

RULES_OF_AXE = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
AXE_READS_A_COLOUR = '{key:"parseString",value:function(t){'
AXE_HAS_READ_A_COLOUR = "this.r=n.r,this.g=n.g,this.b=n.b,this.alpha=+n.alpha}catch"


def axe_script() -> str:
    """Axe, that remembers how a colour is read: it asks for the same few so often that it takes a third of its time."""
    script = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    assert script.count(AXE_READS_A_COLOUR) == script.count(AXE_HAS_READ_A_COLOUR) == 1
    asked = "const known=(globalThis.readColours??=new Map),words=t,kept=known.get(words);"
    answered = "if(kept)return[this.r,this.g,this.b,this.alpha]=kept,this;"
    keep = "known.set(words,[n.r,n.g,n.b,+n.alpha])}catch"
    script = script.replace(AXE_READS_A_COLOUR, AXE_READS_A_COLOUR + asked + answered)
    return script.replace(AXE_HAS_READ_A_COLOUR, AXE_HAS_READ_A_COLOUR.replace("}catch", f",{keep}"))
