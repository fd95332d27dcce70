"""Forms declared once: page, validation, read view and stored document all follow the declaration."""

from casemgr.questions.answers import DECLINED, UNKNOWN, Answers, parse
from casemgr.questions.declaration import Form, Kind, Question, Section, ShownIf, Text
from casemgr.questions.document import Document, read_document, write_document
from casemgr.questions.reading import Line, read_lines

__all__ = [
    "DECLINED",
    "UNKNOWN",
    "Answers",
    "Document",
    "Form",
    "Kind",
    "Line",
    "Question",
    "Section",
    "ShownIf",
    "Text",
    "parse",
    "read_document",
    "read_lines",
    "write_document",
]
