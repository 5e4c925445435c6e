/* Prints who may do what with a file, as Windows writes it down (SDDL): `rights FILE`. */
#include <stdio.h>
#include <windows.h>
#include <aclapi.h>
#include <sddl.h>

int wmain(int argc, wchar_t **argv)
{
    PSECURITY_DESCRIPTOR descriptor;
    wchar_t *text;
    const DWORD what = OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION;
    DWORD error;

    if (argc != 2)
        return 99;
    error = GetNamedSecurityInfoW(argv[1], SE_FILE_OBJECT, what, NULL, NULL, NULL, NULL, &descriptor);
    if (error) {
        fprintf(stderr, "rights: error %lu\n", error);
        return 1;
    }
    if (!ConvertSecurityDescriptorToStringSecurityDescriptorW(descriptor, SDDL_REVISION_1, what, &text,
                                                              NULL)) {
        fprintf(stderr, "rights: error %lu\n", GetLastError());
        return 1;
    }
    printf("%ls\n", text);
    return 0;
}
