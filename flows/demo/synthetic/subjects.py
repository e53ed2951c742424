"""What the synthetic papers are about: subjects, each with phrases of its own."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Subject:
    """A subject of papers. ``topic_id`` is the topic of config/topics.yaml that it should meet."""

    topic_id: str
    phrases: tuple[str, ...]
    """Names of the subject; every paper on it has one in the title and several in the abstract."""
    things: tuple[str, ...]
    """What such papers work on, in the plural."""
    settings: tuple[str, ...]
    """Where such papers are tried; each fits behind ``in``."""


def _read_subjects(text: str) -> tuple[Subject, ...]:
    """Read blocks of three lines: id and phrases, things, settings."""
    subjects = []
    for block in text.strip().split("\n\n"):
        first, things, settings = block.splitlines()
        topic_id, phrases = first.split(": ")
        lists = (tuple(line.split(", ")) for line in (phrases, things, settings))
        subjects.append(Subject(topic_id, *lists))
    return tuple(subjects)


BURSTS = _read_subjects("""
world-models: world models, latent world models, world modeling
imagined futures, predicted states, action-conditioned clips, dreamed trajectories, hidden dynamics
open-ended sandboxes, cluttered kitchens, procedural mazes, unseen rooms, physics puzzles

test-time-compute: test-time scaling, test-time compute, inference-time scaling
sampled candidates, answer drafts, extra samples, stopping rules, candidate solutions, budgets
hard exam sets, long puzzles, coding contests, science quizzes, budgeted deployments
""")

STEADY = _read_subjects("""
retrieval-augmented-generation: retrieval-augmented generation, RAG pipelines
retrieved passages, source snippets, ranked chunks, supporting notes, stale pages, index shards
enterprise wikis, legal archives, technical manuals, news desks, support forums

llm-agents: LLM agents, autonomous agents, agentic systems, agent frameworks
action logs, plans, sub-goals, failed attempts, workflow steps, environment replies
office suites, web shops, spreadsheet chores, travel desks, research errands

gui-agents: GUI agents, computer use agents, GUI grounding, mobile agents
screenshots, widgets, click targets, menu trees, screen states, user interface elements
desktop suites, phone settings, browser tabs, form filling, accessibility tools

tool-use: tool use, tool calling, function calling, tool-augmented models
API signatures, call arguments, tool descriptions, execution errors, return values, plugin lists
calendar services, data pipelines, map queries, banking sandboxes, shell sessions

long-context: long-context modeling, context extension, long-context understanding, context windows
distant clues, position indices, document spans, cached keys, scattered facts, chapter boundaries
book-length inputs, code repositories, meeting transcripts, court filings, novel collections

hallucination: hallucination mitigation, factuality, hallucination detection, factual consistency
unsupported claims, invented entities, wrong dates, cited sources, atomic statements, hedged answers
biography writing, medical leaflets, encyclopedic questions, product pages, news digests

code-generation: code generation, program synthesis, code completion, automated program repair
unit tests, function bodies, commit histories, compiler messages, stack traces, type annotations
legacy codebases, notebook cells, competitive tasks, embedded firmware, open repositories

math-reasoning: mathematical reasoning, math word problems, mathematical problem solving
derivation steps, intermediate results, equations, diagrams, worked solutions, proof sketches
school exams, contest collections, undergraduate courses, geometry sheets, number puzzles

machine-translation: machine translation, neural machine translation, multilingual translation
parallel sentences, idioms, named entities, pronouns, sentence pairs, glossaries
patent filings, subtitles, parliamentary records, health leaflets, chat messages

speech-recognition: speech recognition, automatic speech recognition, spoken language understanding
utterances, phonemes, accents, background noise, speaker turns, acoustic frames
call centers, noisy streets, lecture halls, car cabins, radio archives

speech-synthesis: speech synthesis, text-to-speech synthesis, voice cloning, expressive speech
prosody contours, reference voices, pauses, mel frames, pitch tracks, speaking styles
audiobooks, screen readers, dubbing studios, navigation prompts, telephone bandwidth

object-detection: object detection, open-vocabulary detection, 3D object detection
bounding boxes, anchors, small objects, occluded instances, region proposals, rare categories
aerial footage, warehouse shelves, night scenes, traffic cameras, underwater images

segmentation: semantic segmentation, instance segmentation, image segmentation
masks, boundaries, pixel labels, thin structures, class prompts, overlapping instances
street scenes, microscopy slides, indoor scans, crop fields, surgical frames

medical-imaging: medical image analysis, medical imaging, chest X-ray interpretation
lesions, scans, radiology reports, slices, tissue patches, follow-up studies
small hospitals, screening programs, emergency wards, multi-center cohorts, rare diseases

nerf-gaussian-splatting: Gaussian splatting, 3D Gaussian splatting, neural radiance fields
splats, camera rays, novel viewpoints, opacity fields, reflective surfaces, input views
drone surveys, museum objects, crowded plazas, handheld captures, large halls

diffusion-models: diffusion models, denoising diffusion, diffusion-based generation
noise levels, score estimates, sampling steps, guidance scales, denoising trajectories, latents
few-step regimes, high resolutions, conditional synthesis, limited hardware, style transfer

image-generation: text-to-image generation, image synthesis, controllable image generation
prompts, layouts, rare concepts, object counts, attribute bindings, reference pictures
poster design, product shots, children's books, storyboards, typography

video-generation: video generation, text-to-video generation, video diffusion
frames, camera paths, motion cues, shot transitions, subject identities, clip captions
short films, sports clips, cooking shows, advertising drafts, minute-long stories

vision-language-models: vision-language models, multimodal large language models
image patches, captions, charts, visual prompts, grounded phrases, interleaved pages
visual question sets, museum guides, diagram reading, shopping assistants, field photographs

mixture-of-experts: mixture-of-experts models, sparse mixture-of-experts, expert routing
experts, router logits, token assignments, load profiles, gating scores, expert groups
multi-node clusters, consumer cards, multilingual corpora, continual updates, batch serving

graph-neural-networks: graph neural networks, node classification, graph representation learning
neighborhoods, edges, node features, subgraphs, messages, hub nodes
citation graphs, molecule sets, social graphs, power grids, fraud rings

quantization: post-training quantization, low-bit quantization, weight quantization
activation outliers, scale factors, weight groups, rounding errors, calibration samples, bit widths
phones, microcontrollers, laptop chips, edge cameras, serving nodes

knowledge-distillation: knowledge distillation, self-distillation, model distillation
teacher logits, student layers, soft targets, intermediate features, teacher ensembles, hint layers
on-device models, low-power sensors, domain experts, small teams, streaming services

federated-learning: federated learning, personalized federated learning, decentralized learning
client updates, local shards, communication rounds, stragglers, private gradients
hospital networks, keyboard apps, bank branches, wearables, vehicle fleets

adversarial-robustness: adversarial robustness, adversarial training, adversarial attacks
perturbations, decision margins, attack budgets, transferred examples, gradient masks, patches
malware filters, road signs, face gates, audio commands, content filters

interpretability: mechanistic interpretability, sparse autoencoders, explainability
circuits, activations, feature directions, attributions, probing targets, neuron groups
small transformers, audit settings, bilingual models, vision backbones, safety reviews

time-series: time series forecasting, multivariate time series, probabilistic forecasting
seasonal patterns, horizons, sensor channels, missing readings, trends, regime shifts
electricity loads, retail demand, river gauges, hospital admissions, server metrics

recommender-systems: recommender systems, sequential recommendation, collaborative filtering
user histories, item embeddings, click logs, cold items, session boundaries, exposure records
music apps, book shops, news feeds, job boards, recipe sites

robot-manipulation: robot manipulation, dexterous manipulation, robotic grasping
gripper poses, contact forces, demonstrations, object meshes, wrist views, joint angles
kitchen counters, assembly lines, bin picking, cloth folding, tool handover

autonomous-driving: autonomous driving, end-to-end driving, automated driving
lane graphs, agent tracks, lidar sweeps, planned paths, near misses, intersections
rainy nights, dense roundabouts, highway merges, rural roads, construction zones

chemistry-drug-discovery: drug discovery, molecular property prediction, molecule generation
binding pockets, ligands, reaction routes, atom types, assay records, conformers
antibiotic screens, catalyst searches, toxicity panels, fragment libraries, polymer design

reinforcement-learning: deep reinforcement learning, policy gradient methods, off-policy learning
returns, exploration bonuses, replayed transitions, value estimates, policies, sparse rewards
pixel games, locomotion suites, traffic lights, cooling plants, inventory control
""")
