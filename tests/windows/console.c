/* A console program that starts another one in its console, as a shell does, and says what becomes of
 * the console:
 *
 *     console REPORT PAGE TRIGGER PROGRAM [ARGUMENT…]
 *
 * It sets the console's output code page to PAGE and starts PROGRAM. When the file TRIGGER appears, it
 * notes how the console is set, and sends it a Ctrl-C. What it saw is written to the file REPORT, since
 * the console belongs to PROGRAM: `NAME NUMBER` on each line. Its exit code is PROGRAM's. */
#include <stdio.h>
#include <wchar.h>
#include <windows.h>

static BOOL WINAPI ignore(DWORD event)
{
    return event == CTRL_C_EVENT;
}

static DWORD processes(void)
{
    DWORD ids[16];
    return GetConsoleProcessList(ids, 16);
}

/* Whether the console was told that escape sequences are coming. */
static int takes_sequences(void)
{
    DWORD mode = 0;
    GetConsoleMode(GetStdHandle(STD_OUTPUT_HANDLE), &mode);
    return (mode & ENABLE_VIRTUAL_TERMINAL_PROCESSING) != 0;
}

int wmain(int argc, wchar_t **argv)
{
    static wchar_t command[32768];
    STARTUPINFOW startup = {.cb = sizeof startup};
    PROCESS_INFORMATION started;
    DWORD code, sent = 0;
    FILE *report;

    if (argc < 5)
        return 99;
    report = _wfopen(argv[1], L"w");
    if (!report)
        return 98;
    setvbuf(report, NULL, _IONBF, 0);
    fprintf(report, "alone %lu\n", processes());
    if (!SetConsoleOutputCP((UINT)_wtoi(argv[2])))
        fprintf(report, "refused %lu\n", GetLastError());
    fprintf(report, "before %u\n", GetConsoleOutputCP());

    /* No argument that the tests give holds a quotation mark or ends with a backslash. */
    for (int i = 4; i < argc; i++) {
        const wchar_t *quote = wcschr(argv[i], L' ') ? L"\"" : L"";
        wcscat(command, quote);
        wcscat(command, argv[i]);
        wcscat(command, quote);
        wcscat(command, L" ");
    }
    if (!CreateProcessW(NULL, command, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &started)) {
        fprintf(report, "failed %lu\n", GetLastError());
        return 97;
    }
    SetConsoleCtrlHandler(ignore, TRUE);
    while (WaitForSingleObject(started.hProcess, 50) == WAIT_TIMEOUT) {
        if (!sent && GetFileAttributesW(argv[3]) != INVALID_FILE_ATTRIBUTES) {
            fprintf(report, "processes %lu\n", processes());
            fprintf(report, "meanwhile %u\n", GetConsoleOutputCP());
            fprintf(report, "sequences %d\n", takes_sequences());
            sent = GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0);
        }
    }
    GetExitCodeProcess(started.hProcess, &code);
    fprintf(report, "code %lu\n", code);
    fprintf(report, "after %u\n", GetConsoleOutputCP());
    fclose(report);
    return (int)code;
}
