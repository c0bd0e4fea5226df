"""Forms of class lists; by noun in the modules of this folder."""

from app.rosters.forms.lists import DecideForm, UploadListForm

__all__ = ["DecideForm", "UploadListForm"]
