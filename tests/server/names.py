"""A name server for tests: every name stands for the same addresses, as docker's does for a service with several copies."""

import socket
import threading


class Names:
    """From ``with`` to its end; ``address``: where to ask. What it answers can be changed at any time."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.address = f"udp/127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> "Names":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.sendto(b"", self._socket.getsockname())
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while True:
            question, sender = self._socket.recvfrom(4096)
            if not question:
                return
            self._socket.sendto(answer(question, self.addresses), sender)


def answer(question: bytes, addresses: tuple[str, ...]) -> bytes:
    """The answer (RFC 1035) with an A record for each address; none to questions for anything else."""
    end = question.index(b"\0", 12) + 5  # the name ends with an empty label; type and class follow
    asked = question[12:end]
    found = addresses if asked[-4:-2] == b"\0\1" else ()
    record = b"\xc0\x0c" + asked[-4:] + (1).to_bytes(4) + (4).to_bytes(2)  # the name as above; 1 s; 4 bytes
    header = question[:2] + b"\x85\x80" + (1).to_bytes(2) + len(found).to_bytes(2) + bytes(4)
    return header + asked + b"".join(record + socket.inet_aton(each) for each in found)
