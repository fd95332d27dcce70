"""Official documents as Word files; the engine is loaded when the first one is asked for."""

from casemgr.letters.blocks import OfficialDocument


def write_document(document: OfficialDocument) -> bytes:
    """Return an official document as a Word file of the same blocks and sizes as the printed one."""
    from casemgr.letters import word_blocks

    return word_blocks.write_file(document)
