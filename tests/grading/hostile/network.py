"""cell end: calls home in every way: TCP, UDP, names, unix sockets with and without a file, raw packets."""
# sign: reached 0 of

import socket

reached, tried = [], 0
for family, kind, address in [
    (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", int("@PORT@"))),
    (socket.AF_INET6, socket.SOCK_STREAM, ("::1", int("@PORT@"))),
    (socket.AF_INET, socket.SOCK_STREAM, ("@ADDRESS@", int("@PORT@"))),
    (socket.AF_INET, socket.SOCK_STREAM, ("1.1.1.1", 53)),
    (socket.AF_INET, socket.SOCK_DGRAM, ("@ADDRESS@", int("@PORT@"))),
    (socket.AF_UNIX, socket.SOCK_STREAM, "\0@TOKEN@"),
    (socket.AF_UNIX, socket.SOCK_STREAM, "@COURSE@/socket"),
    (socket.AF_UNIX, socket.SOCK_STREAM, "/run/systemd/private"),
    (socket.AF_UNIX, socket.SOCK_STREAM, "/var/run/docker.sock"),
]:
    tried += 1
    try:
        with socket.socket(family, kind) as sock:
            sock.settimeout(0.3)
            sock.connect(address)
            sock.send(b"hello")
            reached.append(address)
    except OSError as error:
        print(address, error)
try:
    reached.append(socket.gethostbyname("example.org"))
except OSError as error:
    print(error)
print(f"reached {len(reached)} of {tried}", reached)
