"""cell end: fills every folder that it can write to."""
# sign: it is full

total = 0
for folder in ["/tmp", "/dev/shm", "/home/student", "/dev", "/var/tmp", "/run"]:
    try:
        for number in range(64):
            with open(f"{folder}/flood{number}", "wb") as file:
                for _ in range(16):
                    total += file.write(bytes(1 << 20))
    except OSError as error:
        print(folder, error.strerror)
assert total < 400 << 20, "no limit"
print("it is full after", total >> 20, "MiB")
