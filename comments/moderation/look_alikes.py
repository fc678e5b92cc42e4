"""Letters that look alike, so that a name or a listed word is found whichever of them it is written with.

The table has the letters of Unicode's confusables.txt (version 15) that pass for one of a to z or a digit, of the
scripts in which a whole word can be faked: Latin, Greek, Cyrillic, Armenian, Coptic, Cherokee, Lisu; and the small
capitals. Arabic letters are left out: Urdu names and words are what they are.
"""

from comments.text import is_word_character, normalize_words

_ALIKE = {
    "2": "ƨϩꙅꝛ",
    "3": "ȝɜʒзӡⳍꝫ𝈆",
    "4": "Ꮞ",
    "5": "ƽ",
    "6": "бᏮⳓ",
    "7": "𝈒",
    "8": "ȣ",
    "9": "ⳋꝯ",
    "a": "ɑαаᎪᴀꓮ",
    "b": "ƅʙβвьᏏᏴꓐꞵ",
    "c": "сᏟᴄⲥꓚ",
    "d": "ԁᎠᏧᴅꓒꓓ",
    "e": "εеҽᎬᴇꓰꬲ",
    "f": "ϝքẝꓝꜰꞙꬵ𝈓",
    "g": "ƍɡɢԍցᏀᏳᶃꓖ",
    "h": "ʜηнһհᎻᏂⲏꓧ",
    "i": "ıɩɪιіӏᎥꙇ",
    "j": "ʝϳјᎫᴊꓙ",
    "k": "κкᏦᴋⲕꓗ",
    "l": "ǀʟᏞⲓⳑꓡꓲ𝈪",
    "m": "μϻмᎷᴍⲙꓟ",
    "n": "ɴոռⲛꓠ",
    "o": "οσоօᴏᴑⲟꓳꬽ",
    "p": "ρрᏢᴘⲣꓑ",
    "q": "ԛգզꞯ",
    "r": "ʀгᎡᎱᏒᴦⲅꓣꭇꭈ𝈖",
    "s": "ѕտᏕᏚꓢꜱ",
    "t": "τтᎢᴛⲧꓔ",
    "u": "ʋυսᴜꓴꞟꭎꭒ",
    "v": "νѵᏙᴠꓦ𝈍",
    "w": "ɯѡԝաᎳᏔᴡꓪ",
    "x": "χхⲭꓫꭓ",
    "y": "ɣʏγуүᎩᎽᶌỿⲩꓬꭚ",
    "z": "ζᏃᴢꓜ𐋵",
}
# Among these the eye does not tell apart what it reads as a word.
_SAME = {"0": "o", "1": "i", "3": "e", "5": "s", "l": "i", "|": "i"}
_TABLE = str.maketrans(
    {
        form: _SAME.get(plain, plain)
        for plain, letters in _ALIKE.items()
        for each in letters
        for form in (each, each.lower())
    }
    | _SAME
)
_OF_SMALL_CAPITALS = str.maketrans("ǫ", "q")  # there is no small capital Q


def skeleton(text: str) -> str:
    """Return the words without what the eye passes over: case, accents, dots, and letters that look alike."""
    alike = normalize_words(text.translate(_OF_SMALL_CAPITALS)).translate(_TABLE)
    return " ".join("".join(letter if is_word_character(letter) else " " for letter in alike).split())


def looks_faked(text: str) -> bool:
    """Return True if a word has letters of two scripts that look alike, or letters and digits, or is of another script.

    A text that is written in another script as a whole is what it is.
    """
    words = normalize_words(text).split()
    odd = [word for word in words if any(ord(letter) in _TABLE and not letter.isascii() for letter in word)]
    plain = [word for word in words if any("a" <= letter <= "z" for letter in word)]
    mixed = [word for word in plain if word in odd or any(letter in "0135|" for letter in word)]
    return bool(mixed) or 0 < len(odd) < len(plain)
