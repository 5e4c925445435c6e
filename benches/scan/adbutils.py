"""Asks every phone through Python's adbutils, 64 threads at once. Argument: the server's port."""

import concurrent.futures
import sys

import adbutils

client = adbutils.AdbClient(host="127.0.0.1", port=int(sys.argv[1]))


def ask(device):
    answer = device.shell("getprop; dumpsys package com.xiaomi.mi_connect_service")
    assert "versionName=" in answer


with concurrent.futures.ThreadPoolExecutor(64) as threads:
    list(threads.map(ask, client.device_list()))
