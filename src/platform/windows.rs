//! What only Windows can be asked for, and no maintained crate offers in a safe form: the console's
//! code page and processes, files with rights of their own, limits of processes. Shell; the only
//! `unsafe` code of the program, kept so small that it can be read beside Microsoft's documentation.

#![expect(unsafe_code, reason = "calls of Windows' own functions")]

use std::ffi::c_void;
use std::fs::File;
use std::io;
use std::os::windows::ffi::OsStrExt as _;
use std::os::windows::io::{AsRawHandle as _, FromRawHandle as _, OwnedHandle, RawHandle};
use std::path::{Component, Path, PathBuf, Prefix};
use std::ptr::{null, null_mut};
use std::sync::Mutex;

use windows_sys::Win32::Foundation::{
    GENERIC_READ, GENERIC_WRITE, HANDLE, INVALID_HANDLE_VALUE, LocalFree,
};
use windows_sys::Win32::Security::Authorization::{
    ConvertSidToStringSidW, ConvertStringSecurityDescriptorToSecurityDescriptorW, SDDL_REVISION_1,
};
use windows_sys::Win32::Security::{
    GetTokenInformation, PSECURITY_DESCRIPTOR, SECURITY_ATTRIBUTES, TOKEN_QUERY, TOKEN_USER,
    TokenUser,
};
use windows_sys::Win32::Storage::FileSystem::{
    CREATE_NEW, CreateFileW, FILE_ATTRIBUTE_NORMAL, FILE_SHARE_DELETE, FILE_SHARE_READ,
    FILE_SHARE_WRITE, FILE_TYPE_DISK, GetDriveTypeW, GetFileType,
};
use windows_sys::Win32::System::Console::{
    FlushConsoleInputBuffer, GetConsoleOutputCP, GetConsoleProcessList, SetConsoleOutputCP,
};
use windows_sys::Win32::System::JobObjects::{
    AssignProcessToJobObject, CreateJobObjectW, JOB_OBJECT_LIMIT,
    JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION, JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE,
    JOB_OBJECT_LIMIT_PROCESS_MEMORY, JOB_OBJECT_LIMIT_PROCESS_TIME,
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION, JobObjectExtendedLimitInformation,
    SetInformationJobObject,
};
use windows_sys::Win32::System::Threading::{GetCurrentProcess, OpenProcessToken};

/// Whether a file is on a disk, and no pipe or device.
pub fn is_on_disk(file: &File) -> bool {
    // SAFETY: the handle is open as long as `file` is borrowed.
    unsafe { GetFileType(file.as_raw_handle()) == FILE_TYPE_DISK }
}

/// Whether a path, absolute and without links, leads to another computer's drive.
pub fn is_remote_drive(path: &Path) -> bool {
    const DRIVE_REMOTE: u32 = 4;
    let root: PathBuf = match path.components().next() {
        Some(Component::Prefix(prefix)) => match prefix.kind() {
            Prefix::UNC(..) | Prefix::VerbatimUNC(..) => return true,
            Prefix::Disk(letter) | Prefix::VerbatimDisk(letter) => {
                format!("{}:\\", char::from(letter)).into()
            }
            Prefix::Verbatim(_) | Prefix::DeviceNS(_) => return false,
        },
        _ => return false,
    };
    let name: Vec<u16> = root.as_os_str().encode_wide().chain([0]).collect();
    // SAFETY: the name ends with a zero and lives until the call has ended.
    unsafe { GetDriveTypeW(name.as_ptr()) == DRIVE_REMOTE }
}

/// The code page of what is written to the console; `None`: there is no console.
pub fn output_code_page() -> Option<u32> {
    // SAFETY: takes nothing.
    let page = unsafe { GetConsoleOutputCP() };
    (page != 0).then_some(page)
}

/// Sets it. Whether that was done.
pub fn set_output_code_page(page: u32) -> bool {
    // SAFETY: takes a number, and refuses those that it doesn't know.
    unsafe { SetConsoleOutputCP(page) != 0 }
}

/// How many processes share this one's console, itself included; 0: there is no console.
pub fn processes_on_console() -> u32 {
    let mut some = [0; 2];
    // SAFETY: the length is that of the array; where there are more, only their number comes back.
    unsafe { GetConsoleProcessList(some.as_mut_ptr(), 2) }
}

/// Throws away what was typed on the console and nobody has read yet.
pub fn flush_console_input() {
    // SAFETY: takes the handle of standard input, and refuses what is no console's.
    unsafe { FlushConsoleInputBuffer(std::io::stdin().as_raw_handle()) };
}

/// Makes a file that wasn't there, for this user, the system and its administrators, whatever the
/// folder gives to others.
///
/// # Errors
/// There is one already, or the system makes none there.
pub fn create_private(path: &Path) -> io::Result<File> {
    // FA: all rights; P: nothing comes from the folder; SY, BA: the system, its administrators.
    let rights = format!("D:P(A;;FA;;;{})(A;;FA;;;SY)(A;;FA;;;BA)", own_sid()?);
    let rights: Vec<u16> = rights.encode_utf16().chain([0]).collect();
    let path: Vec<u16> = path.as_os_str().encode_wide().collect();
    if path.contains(&0) {
        return Err(io::Error::from(io::ErrorKind::InvalidInput));
    }
    let path: Vec<u16> = path.into_iter().chain([0]).collect();
    let mut descriptor: PSECURITY_DESCRIPTOR = null_mut();
    // SAFETY: the text ends in 0; the pointer is written to.
    let read = unsafe {
        ConvertStringSecurityDescriptorToSecurityDescriptorW(
            rights.as_ptr(),
            SDDL_REVISION_1,
            &raw mut descriptor,
            null_mut(),
        )
    };
    if read == 0 {
        return Err(io::Error::last_os_error());
    }
    let descriptor = Local(descriptor);
    let attributes = SECURITY_ATTRIBUTES {
        nLength: size_of_u32::<SECURITY_ATTRIBUTES>(),
        lpSecurityDescriptor: descriptor.0,
        bInheritHandle: 0,
    };
    // SAFETY: the path ends in 0; the attributes live until the call is over.
    let handle = unsafe {
        CreateFileW(
            path.as_ptr(),
            GENERIC_READ | GENERIC_WRITE,
            FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
            &raw const attributes,
            CREATE_NEW,
            FILE_ATTRIBUTE_NORMAL,
            null_mut(),
        )
    };
    if handle == INVALID_HANDLE_VALUE {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: it was opened just now, and nobody else has it.
    Ok(unsafe { File::from_raw_handle(handle) })
}

/// This process's user, in the form `S-1-5-…`.
fn own_sid() -> io::Result<String> {
    let mut token: HANDLE = null_mut();
    // SAFETY: the pointer is written to; the process's own handle needs no closing.
    if unsafe { OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &raw mut token) } == 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: it was opened just now.
    let token = unsafe { OwnedHandle::from_raw_handle(token) };
    // A user's identifier has 68 bytes at most; 8 bytes each, so that it lies as its type wants it.
    let mut user = [0_u64; 32];
    let mut length = 0;
    // SAFETY: the length is that of the array.
    let got = unsafe {
        GetTokenInformation(
            token.as_raw_handle(),
            TokenUser,
            user.as_mut_ptr().cast(),
            u32::try_from(size_of_val(&user)).expect("256"),
            &raw mut length,
        )
    };
    if got == 0 {
        return Err(io::Error::last_os_error());
    }
    let mut text: *mut u16 = null_mut();
    // SAFETY: the array holds a TOKEN_USER now, whose pointer leads into the array.
    let written = unsafe {
        let user = &*user.as_ptr().cast::<TOKEN_USER>();
        ConvertSidToStringSidW(user.User.Sid, &raw mut text)
    };
    if written == 0 {
        return Err(io::Error::last_os_error());
    }
    let text = Local(text.cast());
    let start: *const u16 = text.0.cast();
    // SAFETY: the text ends in 0.
    let text = unsafe {
        let length = (0..).take_while(|&at| *start.add(at) != 0).count();
        std::slice::from_raw_parts(start, length)
    };
    Ok(String::from_utf16_lossy(text))
}

/// Memory that Windows gave away, to be given back.
struct Local(*mut c_void);

impl Drop for Local {
    fn drop(&mut self) {
        // SAFETY: the functions above say that it comes from LocalAlloc; it is given back once.
        unsafe { LocalFree(self.0) };
    }
}

/// A group of processes with limits.
#[derive(Debug)]
pub struct Job(OwnedHandle);

impl Job {
    /// One without processes and limits.
    ///
    /// # Errors
    /// The system makes none.
    pub fn new() -> io::Result<Self> {
        // SAFETY: without attributes and name.
        let handle = unsafe { CreateJobObjectW(null(), null()) };
        if handle.is_null() {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: it was opened just now.
        Ok(Self(unsafe { OwnedHandle::from_raw_handle(handle) }))
    }

    /// Whether every process of it ends when this is dropped.
    ///
    /// # Errors
    /// The system refuses.
    pub fn ends_when_dropped(&self, ends: bool) -> io::Result<()> {
        self.limit(if ends { JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE } else { 0 }, 0, 0)
    }

    /// Puts a process into it, and with it what that process starts from now on.
    ///
    /// # Errors
    /// The system refuses; the process may have ended.
    pub fn add(&self, process: RawHandle) -> io::Result<()> {
        // SAFETY: a handle that is none is refused.
        let added = unsafe { AssignProcessToJobObject(self.0.as_raw_handle(), process) };
        if added == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
    }

    /// Limits each process of it. Memory in bytes, computing in steps of 100 ns.
    fn limit(&self, flags: JOB_OBJECT_LIMIT, memory: usize, computing: i64) -> io::Result<()> {
        let mut limits = JOBOBJECT_EXTENDED_LIMIT_INFORMATION::default();
        limits.BasicLimitInformation.LimitFlags = flags;
        limits.BasicLimitInformation.PerProcessUserTimeLimit = computing;
        limits.ProcessMemoryLimit = memory;
        // SAFETY: the length is that of the value.
        let done = unsafe {
            SetInformationJobObject(
                self.0.as_raw_handle(),
                JobObjectExtendedLimitInformation,
                (&raw const limits).cast(),
                size_of_u32::<JOBOBJECT_EXTENDED_LIMIT_INFORMATION>(),
            )
        };
        if done == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
    }
}

/// Limits this process for good: memory in bytes, and, if given, computing in seconds. May be called
/// again.
///
/// # Errors
/// The system refuses.
pub fn limit_this_process(memory: u64, computing: Option<u64>) -> io::Result<()> {
    static OWN: Mutex<Option<Job>> = Mutex::new(None);

    let mut own = OWN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if own.is_none() {
        let job = Job::new()?;
        // SAFETY: the process's own handle.
        job.add(unsafe { GetCurrentProcess() })?;
        *own = Some(job);
    }
    let job = own.as_ref().expect("it was put there just now");
    let memory = usize::try_from(memory).unwrap_or(usize::MAX);
    let flags = JOB_OBJECT_LIMIT_PROCESS_MEMORY | JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION;
    match computing {
        Some(seconds) => {
            let steps = i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(10_000_000);
            job.limit(flags | JOB_OBJECT_LIMIT_PROCESS_TIME, memory, steps)
        }
        None => job.limit(flags, memory, 0),
    }
}

fn size_of_u32<T>() -> u32 {
    u32::try_from(size_of::<T>()).expect("structures of Windows are small")
}
