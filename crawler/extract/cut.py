"""Takes one block apart where two lines of the page stand in one element. Pure."""

from crawler.extract.blocks import Block, Piece
from crawler.normalize import clean_text


def tidy_pieces(block: Block) -> list[Piece]:
    """The pieces of a block with their texts as in `block.text`: joined they are exactly that text."""
    if len(block.pieces) == 1:
        only = block.pieces[0]
        return [Piece(block.text, only.style, only.anchor, only.hint)] if block.text else []
    tidy: list[Piece] = []
    ended = True  # whether what stands before ends in a blank, so that another would be one too many
    for piece in block.pieces:
        core = clean_text(piece.text)
        before = "" if ended or not piece.text[:1].isspace() else " "
        after = " " if core and piece.text[-1:].isspace() else ""
        text = before + core + after if core else before
        if text:
            ended = text.endswith(" ")
            tidy.append(Piece(text, piece.style, piece.anchor, piece.hint))
    if tidy:
        tidy[-1].text = tidy[-1].text.rstrip()
    if "".join(piece.text for piece in tidy) != block.text:
        # A letter and its accent stand in two elements: the words are worth more than their style.
        first = block.pieces[0] if block.pieces else Piece("", 0, None)
        return [Piece(block.text, first.style, first.anchor, first.hint)] if block.text else []
    return tidy


def part_of(block: Block, start: int, end: int | None = None, *, text: str | None = None) -> Block:
    """The part of a block between two offsets of its text, as a block; pictures stay with the first part."""
    end = len(block.text) if end is None else end
    pieces: list[Piece] = []
    at = 0
    for piece in tidy_pieces(block):
        chosen = piece.text[max(0, start - at) : max(0, end - at)]
        at += len(piece.text)
        if chosen:
            pieces.append(Piece(chosen, piece.style, piece.anchor, piece.hint))
    pictures = block.pictures if start == 0 else []
    kept = text if text is not None else clean_text(block.text[start:end])
    return Block(block.index, kept, block.frame, pieces, pictures, block.soft and start == 0)
