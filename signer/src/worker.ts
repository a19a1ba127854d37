/** The worker: holds the opened key away from the page, signs one batch and forgets the key. */

import type { Bytes } from "./bytes.ts";
import { KEPError } from "./errors.ts";
import type { Reply, Request } from "./protocol.ts";
import { Session } from "./session.ts";

/** The part of DedicatedWorkerGlobalScope used here; its own type library contradicts that of the page. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<Request>) => void) | null;
  postMessage(reply: Reply): void;
}

const scope = self as unknown as WorkerScope;
let session: Session | null = null;

scope.onmessage = ({ data: request }) => {
  const answer = request.kind === "open" ? open(request) : sign(request.contents);
  answer.catch(failure).then((reply) => scope.postMessage(reply));
};

async function open(request: Extract<Request, { kind: "open" }>): Promise<Reply> {
  session = await Session.open(request, new Date(), progress);
  return { kind: "opened", holder: session.holder };
}

async function sign(contents: Bytes[]): Promise<Reply> {
  if (!session) throw new Error("no key is open");
  try {
    const signatures: Bytes[] = [];
    for (const content of contents) {
      signatures.push(await session.sign(content, new Date()));
      progress(signatures.length / contents.length);
    }
    return { kind: "signed", signatures };
  } finally {
    session.wipe();
    session = null;
  }
}

function progress(part: number): void {
  scope.postMessage({ kind: "progress", part });
}

function failure(error: unknown): Reply {
  if (error instanceof KEPError) return { kind: "failed", reason: error.reason, at: error.at };
  console.error(error);
  return { kind: "failed", reason: "unexpected", at: undefined };
}
