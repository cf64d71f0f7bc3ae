"""The form of a recording's file: Parquet (small) or JSON (readable anywhere).

Both have a header, {"format", "version", "every", "layers", "types" (may be missing), "losses": [[step, loss], …], "findings":
[{"step", "where", "name", "value"}, …]}, and the columns step, layer, kind, position, log_norm, zeros, nonfinite, size (see
``Recording``).

- Parquet: the header is the schema's metadata "gradient-decay-lab", as JSON; layer and kind are dictionaries of words, so that
  ``pandas.read_parquet`` gives the table by itself.
- JSON: the header is the object, with two more entries: "columns", a list for each, in which layer and kind are numbers into the
  lists "layers" and "kinds", and NaN and ±∞ are the words "nan", "inf", "-inf".
"""

from .ledger import ROW

FORMAT, VERSION = "gradient-decay-lab recording", 1
KEY = b"gradient-decay-lab"  # of the header in Parquet's metadata
COLUMNS = tuple(ROW.names or ())
REALS = ("log_norm", "zeros")  # the columns that are not whole numbers
NOT_FINITE = ("nan", "inf", "-inf")  # how JSON spells them
MOST_BYTES = 1 << 26


class RecordingError(ValueError):
    """A file that is no recording, or a damaged one. The message says what is wrong and what to do."""
