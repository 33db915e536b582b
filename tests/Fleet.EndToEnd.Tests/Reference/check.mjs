// check.mjs FILE: lints a description of an API, makes types of it, and compiles a client that uses them.
import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const run = (program, ...args) => {
  try {
    return execFileSync(join(here, "node_modules/.bin", program), args, {
      cwd: here,
      encoding: "utf8",
      env: { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" },
      stdio: ["ignore", "pipe", "pipe"],
    });
  } catch (failed) {
    console.error(`${program}\n${failed.stdout}\n${failed.stderr}`);
    process.exit(1);
  }
};

run("redocly", "lint", process.argv[2], "--extends=recommended", "--format=stylish");
run("openapi-typescript", process.argv[2], "--output", "api.ts");
run("tsc", "--strict", "--noEmit", "--target", "es2022", "--module", "nodenext", "--moduleResolution", "nodenext", "client.ts");
console.log("right");
