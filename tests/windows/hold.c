/* Has a file open as other programs have it: `hold FILE SHARED`. SHARED says what it lets others do
 * meanwhile: 0 nothing, 1 read, 3 read and write (but neither move nor remove). Writes `open` when it
 * has it, and ends when its standard input does. */
#include <stdio.h>
#include <wchar.h>
#include <windows.h>

int wmain(int argc, wchar_t **argv)
{
    HANDLE file;

    if (argc != 3)
        return 99;
    file = CreateFileW(argv[1], GENERIC_READ, (DWORD)_wtoi(argv[2]), NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) {
        fprintf(stderr, "hold: error %lu\n", GetLastError());
        return 1;
    }
    puts("open");
    fflush(stdout);
    while (getchar() != EOF) {
    }
    CloseHandle(file);
    return 0;
}
