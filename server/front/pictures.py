"""Pictures that the server makes for a page: the QR code of an address."""

from __future__ import annotations

from io import BytesIO


def code_picture(address: str) -> str:
    """Return the QR code of an address as SVG, dark on light whatever the theme: some cameras read nothing else.

    Error correction of level M, with the quiet zone of four modules (ISO/IEC 18004).
    """
    import segno  # here: only who opens a room needs it

    file = BytesIO()
    made = segno.make(address, error="m", micro=False, boost_error=False)
    made.save(file, kind="svg", border=4, dark="#000", light="#fff", xmldecl=False, svgns=True, omitsize=True, nl=False)
    return file.getvalue().decode()
