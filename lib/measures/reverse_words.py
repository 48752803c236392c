"""Words by which a statement is seen to be worded the other way round: whoever agrees with it is worse off."""

from __future__ import annotations

from lib.measures.words import normalise

# Beginnings of words, normalised; English, Dutch, German. Only words that turn a statement by themselves: "pain" or
# "complaints" stand in favourable statements too ("my complaints are reduced").
_UNFAVOURABLE = (
    *("regret", "disappoint", "dissatisf", "unsatisf", "unhappy", "worse", "deteriorat", "useless", "pointless"),
    *("spijt", "teleurgesteld", "teleurstell", "ontevreden", "slechter", "verslechter", "verergerd", "zinloos"),
    *("bereu", "enttausch", "enttaeusch", "unzufrieden", "schlechter", "verschlechter", "verschlimmer", "sinnlos"),
)
_FAVOURABLE = (
    *("again", "recommend", "satisf", "improv", "better", "help", "worth"),
    *("opnieuw", "nogmaals", "aanbevel", "aanrad", "tevreden", "verbeter", "beter", "geholpen"),
    *("wieder", "noch einmal", "empfehl", "zufrieden", "verbesser", "besser", "geholfen"),
)
_NEGATIONS = frozenset({"not", "never", "wouldnt", "dont", "didnt", "niet", "nooit", "nicht", "nie", "niemals"})


def worded_in_reverse(text: str) -> bool:
    """Whether a statement's words say that agreeing is unfavourable ("I regret the surgery", "Ich bereue …").

    An unfavourable word that is denied ("I do not regret …") is favourable, a favourable one that is denied ("I would
    not have the surgery again") unfavourable. A suspicion to show, never a change to make silently.
    """
    words = normalise(text).split()
    denied = any(word in _NEGATIONS for word in words)
    if any(word.startswith(_UNFAVOURABLE) for word in words):
        return not denied
    return denied and any(word.startswith(_FAVOURABLE) for word in words)
