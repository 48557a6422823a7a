"""The same three papers, as reference managers write them."""

BIBTEX = r"""
@article{smith2020,
  title = {Deep {R}einforcement Learning for Soft R{\"o}bots},
  author = {Smith, Jane and Doe, John},
  abstract = "Soft robots learn to grasp fruit by reinforcement learning.",
  doi = {10.1000/xyz.1},
}

@misc{vaswani2017,
  title = {Attention Is All You Need},
  author = {Vaswani, Ashish},
  eprint = {1706.03762v5},
  archiveprefix = {arXiv},
  keywords = {transformers, attention},
}

@article{lee2021,
  title = {Soft grasping of fruit},
  author = {Lee, Ann},
  journal = {arXiv preprint arXiv:2101.00001},
}
"""

RIS = """TY  - JOUR
TI  - Deep Reinforcement Learning for Soft Robots
AU  - Smith, Jane
AU  - Doe, John
AB  - Soft robots learn to grasp fruit
 by reinforcement learning.
DO  - 10.1000/xyz.1
ER  -

TY  - GEN
T1  - Attention Is All You Need
A1  - Vaswani, Ashish
KW  - transformers
KW  - attention
UR  - http://arxiv.org/abs/1706.03762v5
ER  -

TY  - JOUR
TI  - Soft grasping of fruit
M1  - arXiv:2101.00001
ER  -
"""

CSL = """[
  {"id": "smith2020", "title": "Deep Reinforcement Learning for Soft Robots",
   "author": [{"family": "Smith", "given": "Jane"}],
   "abstract": "Soft robots learn to grasp fruit by reinforcement learning.",
   "DOI": "10.1000/XYZ.1"},
  {"id": "vaswani2017", "title": "Attention Is All You Need",
   "keyword": "transformers, attention",
   "URL": "http://arxiv.org/abs/1706.03762"},
  {"id": "lee2021", "title": "Soft grasping of fruit", "number": "arXiv:2101.00001"}
]"""
