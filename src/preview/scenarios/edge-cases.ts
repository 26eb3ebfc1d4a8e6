import { ABSTRACT_CHARS_MAX, TITLE_CHARS_MAX } from '../../../config/limits.ts'
import type { Paper } from '../../domain/paper.ts'
import { scenarioPaper } from './papers.ts'

const GREATEST_COLLABORATION = 3_303 // The longest list of authors seen on one paper.

/** Papers whose fields have the maximum length that a source accepts. */
export function longestPapers(): Paper[] {
  return [
    scenarioPaper('2611.20001', {
      title: upTo(
        TITLE_CHARS_MAX,
        'On the Measurement of a Very Small Effect in a Very Large Apparatus, with Remarks on ',
      ),
      abstract: upTo(
        ABSTRACT_CHARS_MAX,
        'Each of the runs was repeated by a second group, which found the same within the error. ',
      ),
      authors: Array.from({ length: GREATEST_COLLABORATION }, (_, index) => `Collaborator Number${index + 1}`),
      organization: 'Collaboration for the Measurement of Very Small Effects in Very Large Apparatuses',
    }),
    scenarioPaper('2611.20002', {
      title: 'Unbreakable'.repeat(45),
      abstract: 'x'.repeat(2_000),
      authors: ['Nobreak'.repeat(15)],
    }),
    scenarioPaper('2611.20003', { title: 'A', abstract: '', authors: [] }),
    scenarioPaper('2611.20004', { title: `https://example.net/${'a-long-address/'.repeat(25)}` }),
  ]
}

/** Mathematics as the sources deliver it: LaTeX turned into readable Unicode. */
export function mathsPapers(): Paper[] {
  return [
    scenarioPaper('2611.30001', {
      title: 'Sharp O(√n·log n) Regret Bounds for ℓ₂-Constrained Bandits on ℝᵈ',
      abstract:
        'Let f: ℝᵈ → ℝ be L-smooth and μ-strongly convex. We show that ‖xₖ − x*‖² ≤ (1 − μ/L)ᵏ‖x₀ − x*‖² holds for all k ≥ 1, and that ∑ᵢ₌₁ⁿ λᵢ ≤ tr(AᵀA) is tight iff rank(A) = 1. For ε ∈ (0, ½] the bound is 𝒪(ε⁻² log(1/δ)) with probability ≥ 1 − δ.',
      categories: ['math.OC'],
    }),
    scenarioPaper('2611.30002', {
      title: '∇ · 𝐁 = 0 Revisited: ∮ᵧ f(z) dz on ℂ ∖ {0} and the Group SU(2) × U(1)',
      abstract:
        'If α ≠ β then ∀x ∃y: x ⊕ y ≡ 0 (mod 2), so ⟨φ|ψ⟩ = 0 and ∂²u/∂t² = c²∇²u. We write A ⊗ B ⊂ ℋ, p̂ = −iℏ∇, and x < y & y > z as it stands.',
      categories: ['math-ph'],
    }),
    scenarioPaper('2611.30003', {
      title: 'H₂O, CO₂ and 5 µm: Errors below ±0.1 % at 10⁻⁹ m',
      abstract: 'From 3×10⁸ m/s to −273.15 °C in ¾ of the time.',
    }),
  ]
}

/** Papers in right-to-left scripts, in scripts without spaces, and mixed with Latin. */
export function scriptPapers(): Paper[] {
  return [
    scenarioPaper('2611.40001', {
      title: 'قراءة النصوص الطويلة بنموذج صغير (BERT-mini 2.0)',
      abstract:
        'ندرس كيف يقرأ نموذج صغير نصا طويلا، ونقارنه بنموذج large-v3 على 12 لغة. النتيجة بسيطة: الجملة الأولى أهم من غيرها.',
      authors: ['ليلى حداد', 'Omar Said'],
    }),
    scenarioPaper('2611.40002', {
      title: 'מודל קטן לשפה גדולה: GPT בעברית',
      abstract: 'בדקנו מודל קטן על שלוש משימות, ומצאנו שהוא טועה בעיקר במילים נדירות (12% מהמקרים).',
      authors: ['נעמה לוי'],
    }),
    scenarioPaper('2611.40003', {
      title: '小模型如何读长文：从一句话开始',
      abstract: '我们比较了四种大小的模型，发现最小的模型只读第一句，最大的模型只读最后一句，而中间的内容谁也不记得。',
      authors: ['林晓', '王思远'],
    }),
    scenarioPaper('2611.40004', {
      title: '短い文から学ぶ音声認識モデルの小さな実験',
      abstract: '短い文だけで学習したモデルは、長い文でもよく働く。その理由を三つの実験で調べる。',
      authors: ['佐藤 美咲'],
    }),
    scenarioPaper('2611.40005', {
      title: '작은 모델이 긴 글을 읽는 법',
      abstract: '네 가지 크기의 모델을 비교하고, 작은 모델이 어디에서 틀리는지 살펴본다.',
      authors: ['김서연'],
    }),
    scenarioPaper('2611.40006', {
      title: 'छोटे मॉडल और लंबे वाक्य: एक तुलना',
      abstract: 'हम चार मॉडलों की तुलना करते हैं और देखते हैं कि वे कहाँ चूकते हैं।',
      authors: ['Asha Rao'],
    }),
  ]
}

/** Papers with hostile text that a source should have removed. It must be shown as text and must not run. */
export function hostilePapers(): Paper[] {
  return [
    scenarioPaper('2611.50001', {
      title: '<script>alert(1)</script> & <b>Bold Claims</b> "quoted" {{slot.unsubscribeUrl}}',
      abstract:
        '</td></table><style>*{display:none}</style> <img src=x onerror=alert(1)> {{#each papers}} &lt;kept&gt;',
      authors: ['Robert"); drop table papers;--', '<Eve>'],
    }),
    scenarioPaper('2611.50002', {
      title: 'Turned Round \u202eby an Override\u202c',
      links: { arxiv: 'javascript:alert(1)', pdf: 'https://arxiv.org/pdf/2611.50002' },
    }),
  ]
}

function upTo(chars: number, sentence: string): string {
  return sentence
    .repeat(Math.ceil(chars / sentence.length))
    .slice(0, chars)
    .trim()
}
