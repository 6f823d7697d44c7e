"""Writes models.json: the bounds of botocore's service models, which the AWS CLI reads.

    python3 models.py > models.json
"""
import gzip, json, os, re
import botocore

OPERATIONS = {
    "ecs": ["RegisterTaskDefinition", "CreateService", "UpdateService", "RunTask"],
    "scheduler": ["CreateScheduleGroup", "CreateSchedule"],
    "application-autoscaling": ["RegisterScalableTarget", "PutScalingPolicy"],
}
data = os.path.join(os.path.dirname(botocore.__file__), "data")


def model(service):
    versions = sorted(os.listdir(os.path.join(data, service)))
    with gzip.open(os.path.join(data, service, versions[-1], "service-2.json.gz")) as f:
        return json.load(f)


def bounds(shapes, name, above=()):
    """The bounds of a shape and of what is in it, or None where there are none."""
    shape, found = shapes[name], {}
    if name in above:
        return None
    for bound in ("min", "max", "pattern"):
        # A min of 0 says nothing, and Go reads neither Java's \u and \p{Print} nor its look-ahead.
        value = shape.get(bound)
        if value and not (bound == "pattern" and re.search(r"\\u|\\p\{Print\}|\(\?", value)):
            found[bound] = value
    inner = lambda ref: bounds(shapes, ref["shape"], above + (name,))
    members = {n: inner(ref) for n, ref in shape.get("members", {}).items()}
    members = {n: b for n, b in members.items() if b}
    if members:
        found["members"] = members
    for part, ref in (("each", shape.get("member")), ("key", shape.get("key")), ("each", shape.get("value"))):
        if ref and inner(ref):
            found[part] = inner(ref)
    return found or None


out = {"source": "botocore " + botocore.__version__, "inputs": {}}
for service, operations in OPERATIONS.items():
    m = model(service)
    for operation in operations:
        out["inputs"][operation] = bounds(m["shapes"], m["operations"][operation]["input"]["shape"]) or {}
print(json.dumps(out, indent=1, sort_keys=True))
