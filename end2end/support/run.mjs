// Runs a program to its end and gives what it printed.
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** What it printed; throws with what it said when it fails. */
export async function run(command, args, { env = {}, cwd, timeout = 120_000 } = {}) {
  try {
    const { stdout } = await execute(command, args, {
      env: { ...process.env, ...env }, cwd, timeout, maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  } catch (problem) {
    throw new Error(`${command} ${args.join(" ")}: ${problem.message}\n${problem.stdout ?? ""}${problem.stderr ?? ""}`);
  }
}
