"""The columns of a list of pupils, whoever exported it, and what a cell of one says of protection."""

import re
from typing import Final

from app.kernel.csv_files import Column, fold

LONGEST_NAME: Final = 120
LONGEST_CLASS: Final = 40
LONGEST_GRADE: Final = 20

NOT_PROTECTED: Final = frozenset({"", "nej", "n", "0", "ingen", "inget", "inga", "inte", "ej", "no", "false", "falskt"})
"""Words, folded, that say that nobody protects the pupil. Any other word means that somebody may."""
_MARK: Final = re.compile(r"skydd|sekr(?!eter)|kvar\W?skr|fingera")
_MARK_OR_STAR: Final = re.compile(rf"{_MARK.pattern}|\*", re.IGNORECASE)


def _column(name: str, longest: int, headers: str) -> Column:
    return Column(name, tuple(headers.split()), is_required=False, max_length=longest)


PUPIL_COLUMNS: Final = (
    _column(
        "name",
        LONGEST_NAME,
        "namn elev elevnamn elevensnamn helanamnet name elevnamnet namnet fullstandigtnamn namnpaelev "
        "namnpaeleven barnetsnamn efternamnfornamn fornamnefternamn fornamnochefternamn namnefternamnfornamn "
        "namnfornamnefternamn",
    ),
    _column(
        "first_name",
        LONGEST_NAME,
        "fornamn tilltalsnamn elevfornamn firstname givenname elevensfornamn fornamntilltalsnamn tilltalsnamnfornamn",
    ),
    _column("last_name", LONGEST_NAME, "efternamn elevefternamn lastname surname familyname elevensefternamn"),
    _column(
        "number",
        40,
        "personnummer personnr persnr pnr pnummer personid elevenspersonnummer personsamordningsnummer "
        "personnummersamordningsnummer samordningsnummer tfnummer civicno fodelsenummer idnummer "
        "elevpersonnummer personnummertfnummer personsamordningsnr personnrsamordningsnr persnrsamordningsnr "
        "pnrsamordningsnummer pnrsamordningsnr personnummersamordningsnr personnrsamordningsnummer "
        "samordningsnr samnr personnummerellersamordningsnummer personochsamordningsnummer "
        "personellersamordningsnummer personnummersamnr personnrsamnr pnrsamnr personsamnr personnummertfnr "
        "personnrtfnr elevpersonnr elevenspersonnr personnummerfodelsedatum personnrfodelsedatum tfnr",
    ),
    _column("birth_date", 40, "fodelsedatum fodd fodelsedag birthdate fdatum"),
    _column("grade", LONGEST_GRADE, "arskurs ak arskursen schoolyear grade arsk elevensarskurs"),
    _column(
        "school_class",
        LONGEST_CLASS,
        "klass grupp klassgrupp klassnamn gruppnamn undervisningsgrupp klassbeteckning class avdelninggrupp "
        "gruppavdelning klassavdelning avdelningklass gruppklass klassochgrupp klassellergrupp "
        "avdelningellergrupp elevensklass klasskod hemklass basgrupp mentorsgrupp klassmentorsgrupp avdelning",
    ),
    _column(
        "unit_code",
        20,
        "skolenhetskod enhetskod skolenhetkod skolkod enhetskodskolverket schoolunitcode",
    ),
    _column("unit_name", 120, "skolenhet skola skolenhetsnamn skolnamn enhet skolansnamn"),
    # A star stands for any ending, and such a column may occur several times: who has one of them is protected.
    _column("protected", 200, "skydd* sekretess* sekr pskydd securitymarking kvarskrivning*"),
)
"""The columns of a class list and how people head them, folded; any other column is left unread."""


def says_protected(cell: str) -> bool:
    """Tell whether a cell says that personal data are protected. What is no plain no is a yes, a question mark too."""
    return "?" in cell or "*" in cell or (fold(cell) or cell.strip()) not in NOT_PROTECTED


def is_marked(text: str) -> bool:
    """Tell whether a word of protection stands anywhere: in a remark, after a name, in a class.

    Who bears such a word as a name is taken for protected as well: that child is counted and asked about, not shown.
    """
    return _MARK.search(text.lower()) is not None  # Three times as quick as a pattern that minds no capitals.


def unmarked(cell: str) -> str:
    """Return a cell without a word of protection or an asterisk, and what follows: the child is known without it."""
    found = _MARK_OR_STAR.search(cell)
    return cell[: found.start()].rstrip(" ([,;-") if found else cell
