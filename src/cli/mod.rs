//! The command line: arguments, output, exit codes. One file a subcommand.
//!
//! A command works out what to print and returns it; only [`run`] prints. What people read goes to standard error, what
//! programs read (`--message-format short` and `json`, `explain`, `schema`) goes to standard output. Where a command has a
//! result (`evaluate`, `status`), that is on standard output, and all findings go to standard error.

mod build;
mod check;
mod describe;
mod evaluate;
mod explain;
mod inputs;
mod markdown;
mod new;
mod progress;
mod projects;
mod report;
mod schema;
mod status;
mod std_command;
mod terminal;
mod test;
mod watch;
mod whole_file;

use clap::{ColorChoice, CommandFactory, FromArgMatches, Parser, Subcommand};
use std::io::{ErrorKind, Write};
use std::process::ExitCode;
use terminal::Terminal;

/// The stack of a thread that works: a text may be nested as deeply as the parser admits.
const STACK_BYTES: usize = 16 * 1024 * 1024;

/// What is shown below the help.
const AFTER_HELP: &str = "\
Exit codes: 0 without errors, 1 with an error in an agreement, 2 if a command line is wrong or a file cannot be read
or written.";

#[derive(Parser)]
#[command(name = "sla", version, about = "Check service level agreements and build their contract, rules and bundle")]
#[command(after_help = AFTER_HELP)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// Whether output is coloured; `auto` asks the terminal and NO_COLOR
    #[arg(long, global = true, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    color: ColorChoice,
}

#[derive(Subcommand)]
enum Command {
    Check(check::Check),
    Build(build::Build),
    Evaluate(evaluate::Evaluate),
    Explain(explain::Explain),
    New(new::New),
    Schema(schema::Schema),
    Std(std_command::Std),
    Status(status::Standing),
    Test(test::Test),
}

/// How a command ended; the worst counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Exit {
    /// No error; there may be warnings.
    #[default]
    Clean = 0,
    /// An agreement has an error.
    Findings = 1,
    /// The command line is wrong, or a file cannot be read or written.
    Failure = 2,
}

/// What a command prints, and how it ended.
#[derive(Debug, Default)]
struct Outcome {
    /// For standard output.
    out: String,
    /// For standard error.
    err: String,
    exit: Exit,
}

impl Outcome {
    fn output(out: String) -> Self {
        Self { out, ..Self::default() }
    }

    /// A command that could not be done, and why.
    fn failure(terminal: &Terminal, message: &str, help: Option<&str>) -> Self {
        let help = help.map_or(String::new(), |help| format!("  {} {help}\n", terminal.faint("help:")));
        let err = format!("{} {message}\n{help}", terminal.bad("error:"));
        Self { err, exit: Exit::Failure, ..Self::default() }
    }
}

/// Runs the command of this process's arguments.
#[must_use]
pub fn run() -> ExitCode {
    let command = Arguments::command().color(asked_colour());
    let parsed = command.try_get_matches().and_then(|matches| Arguments::from_arg_matches(&matches));
    let arguments = match parsed {
        Ok(arguments) => arguments,
        Err(help) => {
            // A reader that has gone away needs no help.
            let _ = help.print();
            return ExitCode::from(u8::try_from(help.exit_code()).unwrap_or(Exit::Failure as u8));
        }
    };
    // On a machine without threads to spare the work is done by this one.
    let _ = rayon::ThreadPoolBuilder::new().stack_size(STACK_BYTES).build_global();
    let terminal = Terminal::new(arguments.color);
    let outcome = match arguments.command {
        Command::Check(check) => check.run(&terminal),
        Command::Build(build) => build.run(&terminal),
        Command::Evaluate(evaluate) => evaluate.run(&terminal),
        Command::Explain(explain) => explain.run(&terminal),
        Command::New(new) => new.run(&terminal),
        Command::Schema(schema) => schema.run(&terminal),
        Command::Std(std) => std.run(&terminal),
        Command::Status(status) => status.run(&terminal),
        Command::Test(test) => test.run(&terminal),
    };
    let printed = print(&mut std::io::stdout().lock(), &outcome.out);
    let told = print(&mut std::io::stderr().lock(), &outcome.err);
    ExitCode::from(outcome.exit.max(printed).max(told) as u8)
}

/// The colour that is asked for: help and mistakes of a command line are printed before it is understood.
fn asked_colour() -> ColorChoice {
    let arguments: Vec<String> = std::env::args_os().map(|argument| argument.to_string_lossy().into_owned()).collect();
    let after = arguments.iter().skip_while(|argument| *argument != "--color").nth(1).map(String::as_str);
    let joined = arguments.iter().find_map(|argument| argument.strip_prefix("--color="));
    match joined.or(after) {
        Some("never") => ColorChoice::Never,
        Some("always") => ColorChoice::Always,
        _ => ColorChoice::Auto,
    }
}

/// Prints a text. A reader that wants no more, such as `head`, is no failure; a full disk is.
fn print(stream: &mut impl Write, text: &str) -> Exit {
    match stream.write_all(text.as_bytes()).and_then(|()| stream.flush()) {
        Ok(()) => Exit::Clean,
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Exit::Clean,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: the output cannot be written: {}", error.kind());
            Exit::Failure
        }
    }
}
