/* Rust's standard library takes its random numbers from `ProcessPrng` of bcryptprimitives.dll. Windows
 * has had that since version 7; Wine before 9 hasn't. This DLL beside the .exe stands in for it. */
#include <windows.h>

/* RtlGenRandom, which no header names by this name. */
BOOLEAN NTAPI SystemFunction036(PVOID buffer, ULONG length);

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE buffer, SIZE_T length)
{
    return SystemFunction036(buffer, (ULONG)length);
}
