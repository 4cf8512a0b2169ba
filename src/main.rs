//! The command `sla`.

fn main() -> std::process::ExitCode {
    sla::cli::run()
}
