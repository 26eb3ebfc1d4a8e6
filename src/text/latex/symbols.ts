// Tables of LaTeX commands and their text in Unicode.

/** Parses `a α b β` into a map. */
function pairs(list: string): ReadonlyMap<string, string> {
  const items = list.trim().split(/\s+/)
  const map = new Map<string, string>()
  for (let index = 0; index + 1 < items.length; index += 2) map.set(items[index] ?? '', items[index + 1] ?? '')
  return map
}

function names(list: string): ReadonlySet<string> {
  return new Set(list.trim().split(/\s+/))
}

export const GREEK = pairs(`
  alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ varkappa ϰ
  lambda λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi φ varphi φ
  chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω
  varGamma Γ varDelta Δ varTheta Θ varLambda Λ varPi Π varSigma Σ varPhi Φ varPsi Ψ varOmega Ω`)

/** Symbols without spaces around them. */
export const SYMBOLS = pairs(`
  infty ∞ partial ∂ nabla ∇ ell ℓ hbar ℏ Re ℜ Im ℑ wp ℘ aleph ℵ beth ℶ emptyset ∅ varnothing ∅ forall ∀ exists ∃
  nexists ∄ neg ¬ lnot ¬ top ⊤ bot ⊥ angle ∠ triangle △ square □ Box □ blacksquare ■ diamond ◇ Diamond ◇ star ⋆
  bigstar ★ checkmark ✓ cmark ✓ xmark ✗ dagger † ddagger ‡ dag † ddag ‡ S § P ¶ copyright © textcopyright ©
  registered ® textregistered ® texttrademark ™ trademark ™ pounds £ textsterling £ euro € texteuro € textyen ¥ yen ¥ cent ¢
  textcent ¢ degree ° textdegree ° celsius °C prime ′ backprime ‵ sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ iiint ∭ oint ∮
  bigcup ⋃ bigcap ⋂ bigvee ⋁ bigwedge ⋀ bigoplus ⨁ bigotimes ⨂ bigodot ⨀ ldots … dots … cdots … dotsc … dotsb …
  textellipsis … vdots ⋮ ddots ⋱ lbrace { rbrace } lbrack [ rbrack ] langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈
  rceil ⌉ vert | lvert | rvert | Vert ‖ lVert ‖ rVert ‖ textbar | textbardbl ‖ clubsuit ♣ diamondsuit ♦
  heartsuit ♥ spadesuit ♠ flat ♭ natural ♮ sharp ♯ textless < textgreater > lt < gt > textasciicircum ^
  textbackslash ∖ textunderscore _ textdollar $ textpercent % textquotedbl " textquotesingle ' textasciigrave ’
  textquoteleft ‘ textquoteright ’ textquotedblleft “ textquotedblright ” lq ‘ rq ’ textendash – textemdash —
  textbullet • textperiodcentered · textmu µ micro µ ohm Ω textohm Ω textonehalf ½ textonequarter ¼ textthreequarters ¾
  textdagger † textdaggerdbl ‡ textsection § textparagraph ¶ textexclamdown ¡ textquestiondown ¿ lbag ⟅ rbag ⟆
  llbracket ⟦ rrbracket ⟧ complement ∁ mho ℧ eth ð Bbbk 𝕜 LaTeX LaTeX TeX TeX BibTeX BibTeX colon : vdash ⊢
  dashv ⊣ models ⊨ vDash ⊨ lightning ⚡ faGithub GitHub textasciimacron ¯`)

/** Relations, with a space on each side that has text. */
export const RELATIONS = pairs(`
  leq ≤ le ≤ leqslant ≤ geq ≥ ge ≥ geqslant ≥ neq ≠ ne ≠ approx ≈ approxeq ≊ equiv ≡ cong ≅ simeq ≃ sim ∼ nsim ≁
  propto ∝ varpropto ∝ ll ≪ gg ≫ lll ⋘ ggg ⋙ lesssim ≲ gtrsim ≳ lessapprox ⪅ gtrapprox ⪆ prec ≺ succ ≻ preceq ⪯
  succeq ⪰ in ∈ notin ∉ ni ∋ subset ⊂ supset ⊃ subseteq ⊆ supseteq ⊇ subsetneq ⊊ supsetneq ⊋ nsubseteq ⊈ sqsubset ⊏ sqsubseteq ⊑
  mid | nmid ∤ parallel ∥ nparallel ∦ perp ⊥ asymp ≍ doteq ≐ triangleq ≜ coloneqq ≔ defeq ≔ eqdef ≔ bowtie ⋈ Join ⋈
  to → rightarrow → longrightarrow ⟶ leftarrow ← longleftarrow ⟵ gets ← leftrightarrow ↔ longleftrightarrow ⟷
  Rightarrow ⇒ Longrightarrow ⇒ Leftarrow ⇐ Longleftarrow ⇐ Leftrightarrow ⇔ Longleftrightarrow ⇔ iff ⇔ implies ⇒ impliedby ⇐
  uparrow ↑ downarrow ↓ updownarrow ↕ Uparrow ⇑ Downarrow ⇓ mapsto ↦ longmapsto ⟼ hookrightarrow ↪ hookleftarrow ↩
  rightharpoonup ⇀ rightleftharpoons ⇌ leadsto ⇝ rightsquigarrow ⇝ nearrow ↗ searrow ↘ swarrow ↙ nwarrow ↖
  twoheadrightarrow ↠ upharpoonright ↾ restriction ↾ rightrightarrows ⇉ textrightarrow → textleftarrow ← textuparrow ↑ textdownarrow ↓
  times × div ÷ pm ± mp ∓ cdot · ast ∗ circ ∘ bullet • oplus ⊕ ominus ⊖ otimes ⊗ oslash ⊘ odot ⊙ cup ∪ cap ∩ uplus ⊎ sqcup ⊔
  sqcap ⊓ vee ∨ lor ∨ wedge ∧ land ∧ setminus ∖ smallsetminus ∖ wr ≀ amalg ⨿ boxplus ⊞ boxtimes ⊠ ltimes ⋉ rtimes ⋊
  rightthreetimes ⋌ dotplus ∔ therefore ∴ because ∵ texttimes × textpm ± choose choose bmod mod`)

/** Functions in upright letters, separated from their neighbours by a space. */
export const WORDS = names(`
  arccos arcsin arctan arg argmax argmin cos cosh cot coth csc deg det dim erf exp gcd hom inf injlim ker lg lim liminf
  limsup ln log max min mod Pr polylog poly projlim rank sec sgn sign sin sinh softmax span sup supp tan tanh tr Tr trace Var Cov diag`)

/** Macros that many authors define. */
export const ABBREVIATIONS: ReadonlyMap<string, string> = new Map([
  ['ie', 'i.e.'],
  ['eg', 'e.g.'],
  ['etal', 'et al.'],
  ['etc', 'etc.'],
  ['iid', 'i.i.d.'],
  ['wrt', 'w.r.t.'],
  ['cf', 'cf.'],
  ['vs', 'vs.'],
  ['aka', 'a.k.a.'],
])

/** Letters of words. A space after the command belongs to it. */
export const LETTERS = pairs(`
  o ø O Ø l ł L Ł ss ß SS ẞ ae æ AE Æ oe œ OE Œ aa å AA Å i ı j ȷ dh ð DH Ð th þ TH Þ dj đ DJ Đ ng ŋ NG Ŋ imath ı jmath ȷ`)

/** Accents by command, as combining characters. */
export const ACCENTS: ReadonlyMap<string, string> = new Map([
  ['`', '\u0300'],
  ["'", '\u0301'],
  ['^', '\u0302'],
  ['~', '\u0303'],
  ['=', '\u0304'],
  ['u', '\u0306'],
  ['.', '\u0307'],
  ['"', '\u0308'],
  ['r', '\u030a'],
  ['H', '\u030b'],
  ['v', '\u030c'],
  ['d', '\u0323'],
  ['c', '\u0327'],
  ['k', '\u0328'],
  ['b', '\u0331'],
])

/** Marks over one letter of a formula. They are left out over several letters. */
export const MARKS: ReadonlyMap<string, string> = new Map([
  ['hat', '\u0302'],
  ['widehat', '\u0302'],
  ['tilde', '\u0303'],
  ['widetilde', '\u0303'],
  ['bar', '\u0304'],
  ['overline', '\u0304'],
  ['breve', '\u0306'],
  ['dot', '\u0307'],
  ['ddot', '\u0308'],
  ['mathring', '\u030a'],
  ['check', '\u030c'],
  ['acute', '\u0301'],
  ['grave', '\u0300'],
  ['vec', '\u20d7'],
  ['overrightarrow', '\u20d7'],
])

/** Blackboard letters that every font has. The others become plain letters, which are easier to read and search. */
export const BLACKBOARD = pairs('C ℂ H ℍ N ℕ P ℙ Q ℚ R ℝ Z ℤ')

/** Commands whose argument is text. */
export const TEXT_WRAPPERS = names(`
  text textbf textit textrm texttt textsc textsf textmd textup textsl textnormal textlf emph mbox hbox fbox hl st sout ul uline underline
  uppercase lowercase MakeUppercase MakeLowercase section subsection subsubsection paragraph chapter title caption centerline
  todo add revise revised rev new ac acs acl acp acf gls Gls glspl ce si unit num path`)

/** Commands whose argument is a formula. */
export const MATH_WRAPPERS = names(`
  mathrm mathbf mathit mathsf mathtt mathcal mathscr mathfrak mathnormal mathds boldsymbol bm bold pmb operatorname DeclareMathOperator
  mathop mathbin mathrel mathord mathpunct mathinner overbrace underbrace overleftarrow underbar smash boxed substack cal
  mathbold symbf symrm symcal mathup`)

/** Commands whose second argument is written. The first is a colour, a size or a key. */
export const SECOND_KEPT = names(
  'textcolor colorbox raisebox scalebox foreignlanguage hyperref parbox hypertarget hyperlink rotatebox',
)

/** Commands that are removed with their argument. */
export const DROPPED = names(`
  label ref eqref autoref cref Cref nameref pageref vspace hspace phantom hphantom vphantom includegraphics color pagestyle
  thispagestyle bibliographystyle bibliography input include usepackage setlength vskip hskip fontsize selectlanguage thanks`)

/** Switches of font and size, removed with the space after them. */
export const SWITCHES = names(`
  bf it em rm sf tt sc sl bfseries itshape ttfamily scshape rmfamily sffamily mdseries upshape slshape normalfont tiny scriptsize
  footnotesize small normalsize large Large LARGE huge Huge centering raggedright noindent displaystyle textstyle scriptstyle
  scriptscriptstyle boldmath unboldmath allowbreak`)

/** Commands that are removed without their argument. */
export const SILENT = names(`
  limits nolimits xspace protect nobreak relax null strut mathstrut maketitle hline toprule midrule bottomrule
  nonumber notag leavevmode unskip ignorespaces footnotemark clearpage newpage pagebreak middle left right big Big bigg Bigg bigl bigr
  Bigl Bigr biggl biggr Biggl Biggr bigm Bigm negthinspace nobreakdash hfill displaylimits`)

export const SPACES = names(
  'quad qquad enspace enskip thinspace medspace thickspace space newline linebreak par smallskip medskip bigskip break n',
)

export const MATH_ENVIRONMENTS = names(
  'equation align gather multline eqnarray math displaymath aligned array matrix smallmatrix pmatrix bmatrix Bmatrix vmatrix Vmatrix cases',
)

export const SUPERSCRIPTS = pairs(`
  0 ⁰ 1 ¹ 2 ² 3 ³ 4 ⁴ 5 ⁵ 6 ⁶ 7 ⁷ 8 ⁸ 9 ⁹ + ⁺ - ⁻ − ⁻ = ⁼ ( ⁽ ) ⁾ a ᵃ b ᵇ c ᶜ d ᵈ e ᵉ f ᶠ g ᵍ h ʰ i ⁱ j ʲ k ᵏ l ˡ m ᵐ n ⁿ
  o ᵒ p ᵖ r ʳ s ˢ t ᵗ u ᵘ v ᵛ w ʷ x ˣ y ʸ z ᶻ A ᴬ B ᴮ D ᴰ E ᴱ G ᴳ H ᴴ I ᴵ J ᴶ K ᴷ L ᴸ M ᴹ N ᴺ O ᴼ P ᴾ R ᴿ T ᵀ U ᵁ V ⱽ W ᵂ
  β ᵝ γ ᵞ δ ᵟ θ ᶿ φ ᵠ χ ᵡ ℓ ˡ ⊤ ᵀ ∘ ° ° ° * * ∗ * ⋆ * ′ ′ † † ‡ ‡`)

export const SUBSCRIPTS = pairs(`
  0 ₀ 1 ₁ 2 ₂ 3 ₃ 4 ₄ 5 ₅ 6 ₆ 7 ₇ 8 ₈ 9 ₉ + ₊ - ₋ − ₋ = ₌ ( ₍ ) ₎ a ₐ e ₑ h ₕ i ᵢ j ⱼ k ₖ l ₗ m ₘ n ₙ o ₒ p ₚ r ᵣ s ₛ
  t ₜ u ᵤ v ᵥ x ₓ β ᵦ γ ᵧ ρ ᵨ φ ᵩ χ ᵪ`)
