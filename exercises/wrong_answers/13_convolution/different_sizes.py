"""cell sizes, breaks nothing: counts the windows one by one, and gives lists."""


def sizes(shape, layers):
    rows, columns = shape
    result = []
    for k, s, p in layers:
        if rows > 0 and columns > 0:
            rows = sum(1 for start in range(0, rows + 2 * p, s) if start + k <= rows + 2 * p)
            columns = sum(1 for start in range(0, columns + 2 * p, s) if start + k <= columns + 2 * p)
        if rows == 0 or columns == 0:
            rows = columns = 0
        result.append([rows, columns])
    return result
