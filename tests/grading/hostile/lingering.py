"""cell end: leaves processes behind, in a session of their own, deaf to signals."""
# sign: left behind

import os
import signal
import subprocess

for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGALRM):
                signal.signal(number, signal.SIG_IGN)
            os.execv("/bin/sleep", ["sleep", "@TOKEN@"])
        os._exit(0)
subprocess.Popen(["nohup", "setsid", "sleep", "@TOKEN@"])
print("left behind")
