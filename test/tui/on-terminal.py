"""Runs a command on a pseudo-terminal: on-terminal.py COLUMNS ROWS COMMAND...

Standard input takes one JSON object per line: {"keys": TEXT}, {"resize": [COLUMNS, ROWS]} or
{"signal": NUMBER}. Standard output gets the terminal's bytes as they are; the last line of standard
error is the exit status, negative for a signal.
"""
import fcntl, json, os, pty, select, signal, struct, sys, termios

def resize(fd, columns, rows):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

columns, rows, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
pid, fd = pty.fork()
if pid == 0:
    resize(0, columns, rows)
    os.execvp(command[0], command)
resize(fd, columns, rows)
orders, pending, watched = b"", b"", [fd, 0]
while True:
    ready, writable, _ = select.select(watched, [fd] if pending else [], [])
    if fd in writable:
        pending = pending[os.write(fd, pending[:512]):]
    if fd in ready:
        try:
            data = os.read(fd, 65536)
        except OSError:
            break
        if not data:
            break
        os.write(1, data)
    if 0 in ready:
        data = os.read(0, 65536)
        if not data:
            # Whoever gave the orders is gone: nothing may be left behind.
            watched = [fd]
            os.kill(pid, signal.SIGKILL)
        orders += data
        while b"\n" in orders:
            line, orders = orders.split(b"\n", 1)
            order = json.loads(line)
            if "keys" in order:
                pending += order["keys"].encode()
            if "resize" in order:
                resize(fd, *order["resize"])
            if "signal" in order:
                os.kill(pid, order["signal"])
status = os.waitpid(pid, 0)[1]
sys.stderr.write("%d\n" % os.waitstatus_to_exitcode(status))
