// The same request from a program, and the history as a file.
const literal = (value) => `"${String(value).replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;

function csharp(origin, body) {
  if (!body.messages) return `using System.Net.Http.Json;\nusing var http = new HttpClient { BaseAddress = new("${origin}") };\nusing var answer = await http.PostAsync("/v1/completions", new StringContent("""\n${JSON.stringify(body, null, 2)}\n""", System.Text.Encoding.UTF8, "application/json"));\nConsole.WriteLine(await answer.Content.ReadAsStringAsync());`;
  const options = [
    ["Temperature", body.temperature, "f"], ["TopP", body.top_p, "f"], ["TopK", body.top_k, ""], ["MaxOutputTokens", body.max_tokens, ""], ["Seed", body.seed, ""],
  ].filter(([, value]) => value !== undefined).map(([name, value, kind]) => `${name} = ${value}${kind}`);
  if (body.stop) options.push(`StopSequences = [${body.stop.map(literal).join(", ")}]`);
  return `// dotnet add package Microsoft.Extensions.AI.OpenAI\nusing System.ClientModel;\nusing Microsoft.Extensions.AI;\nusing OpenAI;\n\nIChatClient client = new OpenAIClient(new ApiKeyCredential("none"), new() { Endpoint = new("${origin}/v1") })\n    .GetChatClient(${literal(body.model)}).AsIChatClient();\nvar answer = await client.GetResponseAsync(${literal(body.messages[0].content)}, new ChatOptions { ${options.join(", ")} });\nConsole.WriteLine(answer.Text);`;
}

export function samples(origin, body) {
  const json = JSON.stringify(body, null, 2);
  const [path, call] = body.messages ? ["chat/completions", "chat.completions"] : ["completions", "completions"];
  return [
    ["curl", `curl ${origin}/v1/${path} \\\n  -H "Content-Type: application/json" \\\n  -d '${json.replaceAll("'", "'\\''")}'`],
    ["Python", `import json\nfrom openai import OpenAI\nclient = OpenAI(base_url="${origin}/v1", api_key="none")\nbody = json.loads(r'''${json.replaceAll("'''", "'\\u0027'")}''')\nknown = {"model", "messages", "prompt", "temperature", "top_p", "max_tokens", "n", "stop", "seed", "logprobs", "top_logprobs"}\nanswer = client.${call}.create(**{k: v for k, v in body.items() if k in known}, extra_body={k: v for k, v in body.items() if k not in known})\nprint(answer.choices[0])`],
    ["C#", csharp(origin, body)],
  ];
}

const settings = (given) => Object.entries(given).filter(([name, value]) => name !== "model" && value !== false).map(([name, value]) => `${name} ${JSON.stringify(value)}`).join(", ");
const fenced = (text) => { const fence = "`".repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map((run) => run[0].length + 1))); return `${fence}\n${text}\n${fence}`; };

export const markdown = (entries) => entries.map((entry) => `# ${entry.at} (${entry.mode})\n\n${fenced(entry.prompt)}\n\n${entry.panes.map((pane) => `## ${pane.settings.model}\n\n${settings(pane.settings)}\n\n${pane.texts.map(fenced).join("\n\n")}`).join("\n\n")}\n`).join("\n");

export function save(name, type, text) {
  const file = URL.createObjectURL(new Blob([text], { type }));
  Object.assign(document.createElement("a"), { href: file, download: name }).click();
  URL.revokeObjectURL(file);
}
