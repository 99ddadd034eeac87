//! Memory, taken from the system in large pieces.
//!
//! In WebAssembly the allocator asks for one page of 64 KiB whenever it needs one, and each time JavaScript's
//! collector takes the whole memory for new garbage. While a thousand Pods became Ready, it looked at
//! everything six hundred times, which cost more than the Pods did. So whenever the memory has grown, this
//! module takes half as much again at once and gives it back to the allocator, which keeps it. The system
//! provides a page only when it is first written to. Native allocators do the same by themselves.

/// Sees to it that there is memory for what comes next.
#[cfg(target_arch = "wasm32")]
pub(crate) fn stay_ahead() {
    use std::cell::Cell;
    use std::hint::black_box;

    /// The smallest piece, in bytes.
    const LEAST: usize = 16 << 20;
    const PAGE: usize = 64 << 10;

    thread_local! { static KNOWN: Cell<usize> = const { Cell::new(0) }; }
    let pages = || core::arch::wasm32::memory_size::<0>();
    if pages() != KNOWN.get() {
        let mut piece = Vec::<u8>::new();
        // Where there is no such piece it goes on page by page.
        if piece.try_reserve_exact((pages() * PAGE / 2).max(LEAST)).is_ok() {
            drop(black_box(piece));
        }
        KNOWN.set(pages());
    }
}

/// Sees to it that there is memory for what comes next.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn stay_ahead() {}
