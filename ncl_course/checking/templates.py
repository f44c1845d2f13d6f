"""The HTML of panels. Inline styles alone: JupyterLab strips all else from a notebook that is not trusted."""

PANEL = """\
{%- for part in parts -%}
<div style="border-left: 4px solid {{ colours[part.verdict] }}; background: {{ colours[part.verdict] }}1a;
 padding: 0.6em 0.9em; margin: 0.3em 0; border-radius: 0 4px 4px 0; line-height: 1.45;">
<div><b>{{ signs[part.verdict] }} {{ part.title }}</b>: {{ part.state }}
<span style="opacity: 0.75; padding-left: 0.8em;">{{ part.points }}</span></div>
{% if part.lead %}<div style="opacity: 0.85; padding-top: 0.2em;">{{ part.lead }}</div>
{% endif -%}
{% if part.code %}<pre style="margin: 0.5em 0; background: transparent; color: inherit;">
{%- for line in part.code %}{{ line }}
{% endfor %}</pre>
{% endif -%}
{% if part.grids %}<div style="display: flex; flex-wrap: wrap; gap: 0.4em 1.6em; margin: 0.5em 0;">
{% for grid in part.grids %}<div><div style="font-size: 90%; opacity: 0.85; padding-bottom: 0.2em;">{{ grid.title }}</div>
<table style="border-collapse: collapse; font-family: monospace; margin: 0;">
{% set rows = loop.index0 %}{% for row in grid.cells %}{% set r = loop.index0 %}<tr style="background: transparent;">
{%- for cell in row %}<td style="border: 1px solid #88888888; padding: 0.15em 0.5em; text-align: right;
 {%- if (r, loop.index0) in grid.marked %} background: #d55e0055; font-weight: bold; text-decoration: underline;{% endif %}">{{ cell }}</td>
{%- endfor %}</tr>
{% endfor %}</table></div>
{% endfor %}</div>
{% endif -%}
{% for sentence in part.sentences %}<div>{{ sentence }}</div>
{% endfor -%}
{% for one in part.named %}<div style="margin-top: 0.6em;"><b>{{ words.named }}: {{ one.title }}.</b>
<div style="padding-top: 0.15em;">{{ one.hint }}</div></div>
{% endfor -%}
{% if part.printed %}<details style="margin-top: 0.5em;"><summary>{{ words.printed }}</summary>
<pre style="background: transparent; color: inherit;">{{ part.printed }}</pre></details>
{% endif -%}
</div>
{%- endfor -%}
"""

PROGRESS = """\
<div style="margin: 0.3em 0;"><b>{{ words.title }}</b>
<table style="border-collapse: collapse; margin: 0.4em 0;">
<tr style="background: transparent;">
{%- for name in header %}<th style="text-align: left; padding: 0.2em 1em 0.2em 0;">{{ name }}</th>{% endfor %}</tr>
{% for row in rows %}<tr style="background: transparent;">
<td style="text-align: left; padding: 0.2em 1em 0.2em 0;"><code>{{ row.exercise }}</code></td>
<td style="text-align: left; padding: 0.2em 1em 0.2em 0;">{{ row.part }}</td>
<td style="text-align: left; padding: 0.2em 1em 0.2em 0;">{{ row.points }}</td>
<td style="text-align: left; padding: 0.2em 1em 0.2em 0.5em; border-left: 4px solid {{ row.colour }};">{{ row.sign }} {{ row.state }}</td></tr>
{% endfor %}</table>{{ words.total }}</div>
"""
