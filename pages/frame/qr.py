"""QR codes as pictures that need no file."""

import base64
import io
from html import escape

import segno


def qr_code(text: str) -> str:
    """SVG of the QR code that says ``text``; "" if that is more than a QR code can hold."""
    code = io.BytesIO()
    try:
        segno.make(text, error="l", micro=False).save(
            code, kind="svg", scale=4, border=4, light="#ffffff", omitsize=True
        )
    except segno.DataOverflowError:
        return ""
    return code.getvalue().decode()


def qr_image(text: str, style: str) -> str:
    """HTML of the code as a picture that needs no file, with ``text`` as what it is for those who cannot see it."""
    inside = base64.b64encode(qr_code(text).encode()).decode()
    return f'<img src="data:image/svg+xml;base64,{inside}" alt="QR code of {escape(text)}" style="{style}">'
