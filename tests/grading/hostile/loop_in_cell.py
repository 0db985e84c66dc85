"""cell half_plane: never ends."""
# sign: OutOfTime

while True:
    pass
