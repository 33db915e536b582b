// What somebody writes who has types made of the reference.
import type { components, operations, paths } from "./api.js";

type Job = components["schemas"]["JobView"];
type Submission = NonNullable<paths["/v1/jobs"]["post"]["requestBody"]>["content"]["application/json"];
type Question = NonNullable<operations["jobs_list"]["parameters"]["query"]>;

const question: Question = { limit: 10, state: "failed" };
const submission = { kind: "noop" } as Submission;

export async function first(url: string, key: string): Promise<Job | undefined> {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  await fetch(`${url}/v1/jobs`, { method: "POST", headers, body: JSON.stringify(submission) });
  const answer = await fetch(`${url}/v1/jobs?limit=${question.limit}`, { headers });
  const page = (await answer.json()) as paths["/v1/jobs"]["get"]["responses"][200]["content"]["application/json"];
  const job: Job | undefined = page.items[0];
  const id: string | undefined = job?.job_id;
  console.log(id);
  return job;
}
