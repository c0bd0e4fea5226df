"""Page objects of class lists; by noun in the modules of this folder."""

from app.rosters.pages.faults import Fault, Faults, tell_faults
from app.rosters.pages.lists import ListsPage, OwnListPage, make_lists_page, make_own_list_page

__all__ = ["Fault", "Faults", "ListsPage", "OwnListPage", "make_lists_page", "make_own_list_page", "tell_faults"]
