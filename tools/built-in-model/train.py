"""Trains the built-in model on the tokens that the C# program beside this file wrote. Needs PyTorch; runs on a GPU where there is one.

    python3 tools/built-in-model/train.py FOLDER [--steps 3200] [--width 192 --layers 5 --inner 512] [--batch 16384] [--seconds 0]

FOLDER holds tokenizer.json and conversations.bin; parameters.bin (float16, in the order of Network.parts), config.json and log.txt are written to it.
"""
import argparse
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

END, USER, ASSISTANT, BETWEEN = 0, 1, 2, 0xFFFF
ROTARY_BASE, EPSILON, HEAD_SIZE, CONTEXT = 10_000, 1e-5, 32, 512


class Block(nn.Module):
    def __init__(self, width, inner, drop):
        super().__init__()
        self.heads, self.drop = width // HEAD_SIZE, drop
        self.attention_norm, self.inner_norm = nn.Parameter(torch.ones(width)), nn.Parameter(torch.ones(width))
        self.qkv, self.out = nn.Linear(width, 3 * width, bias=False), nn.Linear(width, width, bias=False)
        self.gate_up, self.down = nn.Linear(width, 2 * inner, bias=False), nn.Linear(inner, width, bias=False)

    def forward(self, x, cos, sin):
        batch, length, width = x.shape
        q, k, v = self.qkv(norm(x, self.attention_norm)).view(batch, length, 3, self.heads, HEAD_SIZE).permute(2, 0, 3, 1, 4)
        seen = F.scaled_dot_product_attention(turn(q, cos, sin), turn(k, cos, sin), v, is_causal=True)
        x = x + F.dropout(self.out(seen.transpose(1, 2).reshape(batch, length, width)), self.drop, self.training)
        gate, up = self.gate_up(norm(x, self.inner_norm)).chunk(2, -1)
        return x + F.dropout(self.down(F.silu(gate) * up), self.drop, self.training)


class Network(nn.Module):
    """A decoder of the Llama kind with one table for embedding and head."""

    def __init__(self, vocabulary, width, layers, inner, drop):
        super().__init__()
        self.embed = nn.Embedding(vocabulary, width)
        self.blocks = nn.ModuleList(Block(width, inner, drop) for _ in range(layers))
        self.norm = nn.Parameter(torch.ones(width))
        for name, value in self.named_parameters():
            if value.dim() > 1:
                nn.init.normal_(value, std=0.05 / math.sqrt(2 * layers) if "out" in name or "down" in name else 0.05)

    def forward(self, ids):
        places = torch.arange(ids.shape[1], device=ids.device, dtype=torch.float32)
        angles = torch.outer(places, ROTARY_BASE ** (-torch.arange(0, HEAD_SIZE, 2, device=ids.device, dtype=torch.float32) / HEAD_SIZE))
        cos, sin = angles.cos(), angles.sin()
        x = self.embed(ids)
        for block in self.blocks:
            x = block(x, cos, sin)
        return norm(x, self.norm)

    def parts(self):
        """Every parameter in the order in which the exporter reads them."""
        yield self.embed.weight
        for block in self.blocks:
            yield from (block.attention_norm, block.qkv.weight, block.out.weight, block.inner_norm, block.gate_up.weight, block.down.weight)
        yield self.norm


def norm(x, gain):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + EPSILON) * gain


def turn(x, cos, sin):
    first, second = x.chunk(2, -1)
    return torch.cat((first * cos - second * sin, second * cos + first * sin), -1)


def conversations(folder):
    """One array of ids each."""
    ids = np.fromfile(folder / "conversations.bin", dtype=np.uint16).astype(np.int64)
    return [text[text != BETWEEN] for text in np.split(ids, np.flatnonzero(ids == BETWEEN)) if len(text) > 1]


def batches(texts, size, generator):
    """Texts of like length side by side, filled up with ends, in random order, for ever."""
    lengths = np.array([len(text) for text in texts])
    while True:
        order = np.argsort(lengths + generator.random(len(texts)) * 4, kind="stable")
        groups, at = [], 0
        while at < len(order):
            count = max(1, size // int(lengths[order[at]] + 4))
            groups.append(order[at:at + count])
            at += count
        for group in generator.permutation(len(groups)):
            chosen = [texts[i] for i in groups[group]]
            ids = np.zeros((len(chosen), max(map(len, chosen))), np.int64)
            for row, text in zip(ids, chosen):
                row[:len(text)] = text
            yield ids


def learned(ids):
    """Which tokens the model says itself: those before which the last mark is an assistant's."""
    places = torch.arange(ids.shape[1], device=ids.device).expand_as(ids)
    speaks = torch.where(ids == ASSISTANT, places, -1).cummax(1).values
    stops = torch.where((ids == USER) | (ids == END), places, -1).cummax(1).values
    said = torch.zeros_like(ids, dtype=torch.bool)
    said[:, 1:] = (speaks > stops)[:, :-1]
    return said


def answer(network, question, most=110):
    ids = list(question)
    with torch.no_grad():
        while len(ids) < len(question) + most:
            hidden = network(torch.tensor([ids], device=network.norm.device))[0, -1]
            following = int((network.embed.weight @ hidden).argmax())
            if following == END:
                break
            ids.append(following)
    return ids[len(question):]


def decoder(folder):
    """Ids to text, for the byte-level alphabet of tokenizer.json."""
    vocabulary = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    pieces = {id: piece for piece, id in vocabulary.items()}
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters = {chr(value): value for value in plain} | {chr(256 + i): value for i, value in enumerate(sorted(set(range(256)) - set(plain)))}
    return lambda ids: bytes(letters[letter] for id in ids if id > ASSISTANT for letter in pieces[id]).decode("utf-8", "replace")


def main():
    options = argparse.ArgumentParser()
    options.add_argument("folder", type=Path)
    for name, usual in (("steps", 3200), ("width", 192), ("layers", 5), ("inner", 512), ("batch", 16_384), ("seconds", 0)):
        options.add_argument("--" + name, type=int, default=usual)
    options.add_argument("--rate", type=float, default=3e-3)
    options.add_argument("--drop", type=float, default=0.08)
    options.add_argument("--noise", type=float, default=0.12, help="share of the question's tokens that are replaced by others, so that an unknown word does not confuse")
    options.add_argument("--out", type=Path)
    wish = options.parse_args()
    out = wish.out or wish.folder
    out.mkdir(parents=True, exist_ok=True)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.manual_seed(1)
    torch.backends.cuda.matmul.allow_tf32 = True
    texts = conversations(wish.folder)
    vocabulary = len(json.loads((wish.folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"])
    network = Network(vocabulary, wish.width, wish.layers, wish.inner, wish.drop).to(device)
    matrices = [value for value in network.parameters() if value.dim() > 1]
    gains = [value for value in network.parameters() if value.dim() == 1]
    adam = torch.optim.AdamW([{"params": matrices, "weight_decay": 0.05}, {"params": gains, "weight_decay": 0}], lr=wish.rate, betas=(0.9, 0.95), fused=device.type == "cuda")
    log = (out / "log.txt").open("w", encoding="utf-8")

    def say(text):
        print(text, flush=True)
        print(text, file=log, flush=True)

    say(f"{sum(value.numel() for value in network.parameters())} parameters, {len(texts)} conversations, {sum(map(len, texts))} tokens, {device}")
    source, began, shown, tokens = batches(texts, wish.batch, np.random.default_rng(1)), time.time(), 0.0, 0
    for step in range(wish.steps):
        done = max(step / wish.steps, (time.time() - began) / wish.seconds if wish.seconds else 0)
        if done >= 1:
            break
        rate = wish.rate * min((step + 1) / 200, 0.02 + 0.49 * (1 + math.cos(math.pi * done)))
        for group in adam.param_groups:
            group["lr"] = rate
        ids = torch.from_numpy(next(source)).to(device, non_blocking=True)
        tokens += ids.numel()
        said = learned(ids)
        swapped = (torch.rand(ids.shape, device=device) < wish.noise) & ~said & (ids > ASSISTANT)
        hidden = network(torch.where(swapped, torch.randint(ASSISTANT + 1, vocabulary, ids.shape, device=device), ids)[:, :-1])
        rows = said[:, 1:]
        loss = F.cross_entropy(hidden[rows] @ network.embed.weight.T, ids[:, 1:][rows])
        adam.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        adam.step()
        if step % 250 == 0:
            say(f"step {step} tokens {tokens} loss {loss.item():.4f} seconds {time.time() - began:.0f}")
    say(f"end {step} tokens {tokens} loss {loss.item():.4f} seconds {time.time() - began:.0f}")
    network.eval()
    network.half().float()  # what is written is what is judged
    np.concatenate([part.detach().cpu().numpy().ravel() for part in network.parts()]).astype(np.float16).tofile(out / "parameters.bin")
    (out / "config.json").write_text(json.dumps({
        "architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": vocabulary, "hidden_size": wish.width, "num_hidden_layers": wish.layers,
        "num_attention_heads": wish.width // HEAD_SIZE, "num_key_value_heads": wish.width // HEAD_SIZE, "head_dim": HEAD_SIZE, "intermediate_size": wish.inner, "hidden_act": "silu",
        "rms_norm_eps": EPSILON, "rope_theta": ROTARY_BASE, "max_position_embeddings": CONTEXT, "tie_word_embeddings": True, "eos_token_id": END, "pad_token_id": END,
    }, indent=2) + "\n", encoding="utf-8")
    questions = wish.folder / "questions.bin"
    if questions.exists():
        torch.backends.cuda.matmul.allow_tf32 = False
        ids, text = np.fromfile(questions, dtype=np.uint16).tolist(), decoder(wish.folder)
        starts = [i for i, id in enumerate(ids) if id == USER] + [len(ids)]
        with torch.no_grad():
            logits = network.embed.weight @ network(torch.tensor([ids[:starts[1]]], device=device))[0, -1]
        say("logits behind the first question: " + json.dumps([round(value, 4) for value in logits.tolist()]))
        for start, end in zip(starts, starts[1:]):
            say(f"> {text(ids[start:end])}\n{text(answer(network, ids[start:end]))}")


main()
