#!/usr/bin/env python3
"""Checks usb-mock with libusb against real adbds: `tests/testbed/usb-mock/check.py`.

Run without arguments it builds what it needs and runs itself below usb-mock, once for each check."""

import ctypes
import os
import pathlib
import signal
import struct
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent

# libusb's error codes.
ACCESS, NO_DEVICE, BUSY, TIMEOUT, OVERFLOW = -3, -4, -6, -7, -8


# What a host does.


class Usb:
    """libusb, as far as it's needed here."""

    def __init__(self):
        self.lib = ctypes.CDLL("libusb-1.0.so.0")
        self.lib.libusb_get_device.restype = ctypes.c_void_p
        if self.lib.libusb_init(None) != 0:
            raise RuntimeError("libusb_init")

    def devices(self):
        """All but the hubs, as (vendor, product, serial number's index, libusb's device)."""
        listed = ctypes.POINTER(ctypes.c_void_p)()
        count = self.lib.libusb_get_device_list(None, ctypes.byref(listed))
        found = []
        for i in range(count):
            descriptor = ctypes.create_string_buffer(18)
            self.lib.libusb_get_device_descriptor(ctypes.c_void_p(listed[i]), descriptor)
            vendor, product = struct.unpack_from("<HH", descriptor.raw, 8)
            if descriptor.raw[4] != 9:
                found.append((vendor, product, descriptor.raw[16], listed[i]))
        return sorted(found, key=lambda device: self.address(device))

    def address(self, device):
        pointer = ctypes.c_void_p(device[3])
        return self.lib.libusb_get_bus_number(pointer), self.lib.libusb_get_device_address(pointer)

    def open(self, device):
        handle = ctypes.c_void_p()
        error = self.lib.libusb_open(ctypes.c_void_p(device[3]), ctypes.byref(handle))
        return Handle(self.lib, handle) if error == 0 else error


class Handle:
    def __init__(self, lib, handle, endpoint=1):
        self.lib, self.handle, self.endpoint = lib, handle, endpoint
        self.stream = 0

    def claim(self, interface=0):
        return self.lib.libusb_claim_interface(self.handle, interface)

    def close(self):
        self.lib.libusb_release_interface(self.handle, 0)
        self.lib.libusb_close(self.handle)

    def string(self, index):
        text = ctypes.create_string_buffer(256)
        length = self.lib.libusb_get_string_descriptor_ascii(self.handle, index, text, 256)
        return text.raw[:length] if length >= 0 else length

    def transfer(self, endpoint, buffer, length, timeout_ms):
        done = ctypes.c_int()
        error = self.lib.libusb_bulk_transfer(
            self.handle, endpoint, buffer, length, ctypes.byref(done), timeout_ms
        )
        return error, done.value

    def write(self, data):
        return self.transfer(self.endpoint, data, len(data), 2000)[0]

    def read(self, length=16384, timeout_ms=2000):
        buffer = ctypes.create_string_buffer(max(length, 1))
        error, done = self.transfer(self.endpoint | 0x80, buffer, length, timeout_ms)
        return (buffer.raw[:done], error)

    def send(self, command, first, second, payload=b""):
        code = int.from_bytes(command, "little")
        header = struct.pack(
            "<6I", code, first, second, len(payload), sum(payload), code ^ 0xFFFFFFFF
        )
        error = self.write(header)
        if payload:
            error = error or self.write(payload)
            # As adb does: it shows the phone where the payload ends.
            if len(payload) % 512 == 0:
                error = error or self.write(b"")
        return error

    def message(self, timeout_ms=2000):
        """One message as (command, first, second, payload); an error as a number."""
        header, error = self.read(24, timeout_ms)
        if error:
            return error
        command, first, second, length, _, _ = struct.unpack("<6I", header)
        payload = b""
        while len(payload) < length:
            data, error = self.read(length - len(payload), timeout_ms)
            if error:
                return error
            payload += data
        return command.to_bytes(4, "little"), first, second, payload

    def connect(self):
        self.send(b"CNXN", 0x01000001, 1 << 20, b"host::features=shell_v2,cmd\0")
        return self.message()

    def shell(self, command):
        """What the command prints (not shell_v2)."""
        self.stream += 1
        self.send(b"OPEN", self.stream, 0, b"shell:" + command + b"\0")
        output = b""
        while True:
            message = self.message()
            if isinstance(message, int):
                return message
            kind, remote, local, payload = message
            # An OKAY that reaches adbd when the stream has ended there is answered by one more CLSE.
            if local != self.stream:
                continue
            if kind == b"WRTE":
                output += payload
                self.send(b"OKAY", local, remote)
            elif kind == b"CLSE":
                return output


# The checks: each is a function that runs below usb-mock, with the phones that it names.


CHECKS = {}


def check(*phones):
    def keep(function):
        CHECKS[function.__name__] = phones, function
        return function

    return keep


def equal(is_, should):
    assert is_ == should, f"{is_!r} instead of {should!r}"


@check("serial=SAME,port={port}", "serial=SAME,port={port},path=1-2.3", "port={port},path=2-7")
def identical_phones_and_one_without_a_serial(usb):
    devices = usb.devices()
    equal([device[:3] for device in devices], [(0x2717, 0xFF48, 3)] * 2 + [(0x2717, 0xFF48, 0)])
    for device in devices:
        handle = usb.open(device)
        equal(handle.claim(), 0)
        equal(handle.connect()[0], b"CNXN")
        equal(handle.shell(b"echo yes"), b"yes\n")
        handle.close()


@check("serial=S,port={port}")
def large_answers_come_whole(usb):
    handle = usb.open(usb.devices()[0])
    handle.claim()
    handle.connect()
    for size in (1, 511, 512, 1024, 16384, 300000):
        equal(len(handle.shell(f"head -c {size} /dev/zero".encode())), size)


@check("serial=S,port={port}")
def sixteen_sessions_one_after_the_other(usb):
    for _ in range(16):
        handle = usb.open(usb.devices()[0])
        equal(handle.claim(), 0)
        equal(handle.connect()[0], b"CNXN")
        equal(handle.shell(b"echo yes"), b"yes\n")
        handle.close()


@check("serial=S,port={port}")
def header_and_payload_are_transfers_of_their_own(usb):
    handle = usb.open(usb.devices()[0])
    handle.claim()
    handle.send(b"CNXN", 0x01000001, 1 << 20, b"host::\0")
    header, error = handle.read(16384)
    equal((len(header), error), (24, 0))
    payload, error = handle.read(16384)
    equal((payload[:8], error), (b"device::", 0))


@check("serial=S,port={port}")
def too_small_a_read_is_an_overflow(usb):
    handle = usb.open(usb.devices()[0])
    handle.claim()
    handle.send(b"CNXN", 0x01000001, 1 << 20, b"host::\0")
    equal(handle.read(24)[1], 0)
    equal(handle.read(24)[1], OVERFLOW)


@check("serial=S,port={port}")
def silence_ends_by_timeout(usb):
    handle = usb.open(usb.devices()[0])
    handle.claim()
    start = time.monotonic()
    used = time.process_time()
    equal(handle.read(24, 1000), (b"", TIMEOUT))
    assert 0.9 < time.monotonic() - start < 2
    assert time.process_time() - used < 0.5, "waiting is work"


@check("serial=S,port={port}")
def payload_of_512_needs_an_empty_packet(usb):
    handle = usb.open(usb.devices()[0])
    handle.claim()
    handle.connect()
    command = b"shell:echo yes;:".ljust(511, b" ") + b"\0"
    equal(handle.shell(command[6:-1]), b"yes\n")
    while isinstance(handle.message(300), tuple):
        pass  # What is left of the stream.
    # Without it adbd takes the next header for a part of the payload, and ends.
    code = int.from_bytes(b"OPEN", "little")
    handle.write(struct.pack("<6I", code, 2, 0, 512, 0, code ^ 0xFFFFFFFF))
    handle.write(command)
    equal(handle.read(24, 300)[1], TIMEOUT)
    handle.send(b"OKAY", 1, 1)
    equal(handle.read(24)[1], NO_DEVICE)


@check("serial=S,port={port},stale=wrte:100")
def stale_packets_come_first_and_once(usb):
    for session in range(2):
        handle = usb.open(usb.devices()[0])
        handle.claim()
        message = handle.connect()
        if session == 0:
            equal((message[0], len(message[3])), (b"WRTE", 100))
            equal(handle.message()[0], b"CLSE")
            message = handle.message()
        equal(message[0], b"CNXN")
        handle.close()


@check("serial=S,port={port},stale=hex:0102030405")
def stale_bytes_that_are_no_message(usb):
    handle = usb.open(usb.devices()[0])
    handle.claim()
    handle.send(b"CNXN", 0x01000001, 1 << 20, b"host::\0")
    equal(handle.read(24), (bytes([1, 2, 3, 4, 5]), 0))
    equal(handle.message()[0], b"CNXN")


@check("serial=S,port={port},sticky")
def sticky_phone_keeps_what_was_not_read(usb):
    handle = usb.open(usb.devices()[0])
    handle.claim()
    handle.connect()
    handle.send(b"OPEN", 1, 0, b"shell:echo from before\0")
    time.sleep(0.2)
    handle.close()

    handle = usb.open(usb.devices()[0])
    handle.claim()
    messages = [handle.connect()]
    while messages[-1][0] != b"CNXN":
        messages.append(handle.message())
    assert (b"WRTE", b"from before\n") in [(message[0], message[3]) for message in messages]


@check("serial=S,port={port}")
def killed_program_leaves_nothing(usb):
    child = os.fork()
    if child == 0:
        handle = Usb().open(Usb().devices()[0])
        handle.claim()
        handle.connect()
        handle.read(24, 60000)
    time.sleep(0.5)
    handle = usb.open(usb.devices()[0])
    equal(handle.claim(), BUSY)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    time.sleep(0.2)
    equal(handle.claim(), 0)
    equal(handle.connect()[0], b"CNXN")
    equal(handle.shell(b"echo yes"), b"yes\n")


@check("serial=S,port={port},busy", "serial=D,port={port},denied", "serial=M,interface=mtp")
def phones_that_cannot_be_asked(usb):
    busy, denied, mtp = usb.devices()
    handle = usb.open(busy)
    equal(handle.claim(), BUSY)
    equal(handle.lib.libusb_kernel_driver_active(handle.handle, 0), 0)
    equal(handle.string(3), b"S")
    equal(usb.open(denied), ACCESS)
    equal(mtp[:2], (0x2717, 0xFF40))
    equal(usb.open(mtp).claim(), 0)


@check("serial=S,port={port},interface=mtp+adb")
def adb_beside_file_transfer(usb):
    handle = usb.open(usb.devices()[0])
    handle.endpoint = 2
    equal(handle.claim(1), 0)
    equal(handle.connect()[0], b"CNXN")


@check("serial=S,port={port},unplug_after=5000")
def unplugged_in_the_middle_of_an_answer(usb):
    handle = usb.open(usb.devices()[0])
    handle.claim()
    handle.connect()
    equal(handle.shell(b"head -c 300000 /dev/zero"), NO_DEVICE)
    equal(handle.write(b"more"), NO_DEVICE)
    handle.close()
    equal(Usb().devices(), [])


@check("serial=S,port={port}")
def unplugged_and_plugged_in_again(usb):
    first = usb.devices()[0]
    handle = usb.open(first)
    handle.claim()
    handle.connect()
    os.kill(os.getppid(), signal.SIGUSR1)
    equal(handle.read(24, 5000), (b"", NO_DEVICE))
    handle.close()
    equal(Usb().devices(), [])
    os.kill(os.getppid(), signal.SIGUSR2)
    time.sleep(0.2)
    usb = Usb()
    second = usb.devices()[0]
    assert usb.address(second) > usb.address(first)
    handle = usb.open(second)
    equal(handle.claim(), 0)
    equal(handle.connect()[0], b"CNXN")


# Running them.


def build(name):
    built = subprocess.run([HERE.parent / name / "build"], stdout=subprocess.PIPE, check=True)
    return built.stdout.decode().split()[-1]


def main():
    usb_mock, adbd = build("usb-mock"), build("adbd")
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "props").write_text("[ro.product.model]: [M2102J20SG]\n")
        phone = subprocess.Popen(
            [HERE.parent / "adbd/phone", "--adbd", adbd, "--port", "0", folder],
            stdout=subprocess.PIPE,
        )
        port = phone.stdout.readline().decode().split()[1]
        for name, (phones, _) in CHECKS.items():
            arguments = []
            for spec in phones:
                arguments += ["--phone", spec.format(port=port)]
            command = [usb_mock, *arguments, "--", sys.executable, __file__, name]
            end = subprocess.run(
                ["timeout", "20", *command],
                stderr=subprocess.PIPE,
                env={**os.environ, "TMPDIR": folder},
            )
            print("ok    " if end.returncode == 0 else "FAILED", name, flush=True)
            if end.returncode != 0:
                failed = 1
                print(f"exit code {end.returncode}\n{end.stderr.decode()}", flush=True)
        phone.terminate()
        phone.wait()
    sys.exit(failed)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        CHECKS[sys.argv[1]][1](Usb())
    else:
        main()
