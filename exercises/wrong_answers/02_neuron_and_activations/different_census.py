"""cell census, breaks nothing: loops over the columns; lists."""


def census(z):
    columns = z.T.tolist()
    dead = [max(column) <= 0 for column in columns]
    straight = [min(column) > 0 for column in columns]
    zeros = sum(t <= 0 for column in columns for t in column) / z.size
    return dead, straight, zeros
