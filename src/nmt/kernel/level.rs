//! The kinds of CPU that have a kernel, and how to compile a loop for one of them.

#[cfg(target_arch = "x86_64")]
use super::x86;

/// A kind of CPU, named by its vector instructions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KernelLevel {
    /// Any CPU.
    Scalar,
    /// AArch64; all of them have NEON.
    Neon,
    /// AArch64 with the dot product of NEON.
    NeonDot,
    /// x86-64 with AVX2.
    Avx2,
    /// x86-64 with AVX2 and AVX-VNNI.
    AvxVnni,
    /// x86-64 with AVX-512 and its VNNI.
    Avx512Vnni,
}

impl KernelLevel {
    /// The levels of this CPU, slowest first.
    pub fn available() -> Vec<Self> {
        #[cfg_attr(
            not(any(target_arch = "x86_64", target_arch = "aarch64")),
            expect(unused_mut, reason = "other CPUs have the scalar level only")
        )]
        let mut levels = vec![Self::Scalar];
        #[cfg(target_arch = "aarch64")]
        {
            levels.push(Self::Neon);
            if std::arch::is_aarch64_feature_detected!("dotprod") {
                levels.push(Self::NeonDot);
            }
        }
        #[cfg(target_arch = "x86_64")]
        {
            let avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("bmi2");
            if avx2 {
                levels.push(Self::Avx2);
            }
            if avx2 && is_x86_feature_detected!("avxvnni") {
                levels.push(Self::AvxVnni);
            }
            if avx2
                && is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vnni")
            {
                levels.push(Self::Avx512Vnni);
            }
        }
        levels
    }

    /// The name in settings and benchmarks.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scalar => "scalar",
            Self::Neon => "neon",
            Self::NeonDot => "neon-dot",
            Self::Avx2 => "avx2",
            Self::AvxVnni => "avx-vnni",
            Self::Avx512Vnni => "avx512-vnni",
        }
    }

    /// The fastest level of this CPU.
    pub fn best() -> Self {
        Self::available().pop().unwrap_or(Self::Scalar)
    }

    /// Runs `work` compiled for this level, where the compiler inlines it. Float results are the
    /// same on every level: `work` fixes the order of its operations, and the compiler contracts
    /// none.
    #[inline]
    pub fn run<R>(self, work: impl FnOnce() -> R) -> R {
        #[cfg(target_arch = "x86_64")]
        match self {
            // SAFETY: a level above Scalar is only handed out by `available`, which asked the CPU
            // for its features.
            Self::Avx512Vnni => return unsafe { x86::with_avx512(work) },
            // SAFETY: as above.
            Self::Avx2 | Self::AvxVnni => return unsafe { x86::with_avx2(work) },
            Self::Scalar | Self::Neon | Self::NeonDot => {}
        }
        work()
    }
}
