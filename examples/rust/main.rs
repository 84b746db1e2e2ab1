// The C interface from Rust: restricts itself, then tries to read the file that it is given.
// rustc main.rs -l llexec
use std::{env, ffi::{c_char, c_void}, fs, ptr};

#[repr(C)]
struct Error { size: u32, status: i32, line: u32, column: u32, source: [c_char; 256], text: [c_char; 4096] }

extern "C" {
    fn ll_policy_new(options: *const *const c_char, text: *const c_char, size: usize, name: *const c_char, error: *mut Error) -> *mut c_void;
    fn ll_restrict_self(policy: *const c_void, threads: u32, error: *mut Error) -> i32;
}

fn main() {
    let file = env::args().nth(1).expect("a file");
    let mut error = Error { size: std::mem::size_of::<Error>() as u32, status: 0, line: 0, column: 0, source: [0; 256], text: [0; 4096] };
    println!("before: {}", fs::read(&file).is_ok());
    let policy = unsafe { ll_policy_new(ptr::null(), ptr::null(), 0, ptr::null(), &mut error) };
    assert!(!policy.is_null() && unsafe { ll_restrict_self(policy, 2, &mut error) } == 0, "{}", error.status);
    println!("after: {}", fs::read(&file).is_ok());
}
