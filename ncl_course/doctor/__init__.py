"""``ncl-course doctor``: what of the installation works and what is missing, with the fix.

`verb` prints; `examine` runs the probes of `packages`, `widgets`, `machine` and `walls`, each of which returns a
`finding`; `running` asks a JupyterLab that runs; `apart` starts torch and a kernel in a process of their own; `report`
renders.
"""
