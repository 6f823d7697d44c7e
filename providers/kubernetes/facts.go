package kubernetes

// The numbers of Kubernetes that rules and rendering need. Each has its source and the day of
// its last check: a change of the platform is a change of a line here.

// maxInt32 is the largest count and the longest time that most of Kubernetes' fields hold.
// Source: k8s.io/api v0.37.2, apps/v1/types.go and core/v1/types.go, checked 2026-11-29.
const maxInt32 = 1<<31 - 1

// maxMiB is the largest amount of memory or storage: what is more than 63 bits of bytes is cut.
// Source: k8s.io/apimachinery v0.37.2, ParseQuantity of pkg/api/resource/quantity.go, checked 2026-11-29.
const maxMiB = 1<<43 - 1

// maxLabel is the most characters of a DNS label.
// Source: k8s.io/apimachinery v0.37.2, DNS1123LabelMaxLength of pkg/util/validation/validation.go, checked 2026-11-29.
const maxLabel = 63

// maxSubdomain is the most characters of most objects' names, and of a key of a ConfigMap.
// Source: k8s.io/apimachinery v0.37.2, DNS1123SubdomainMaxLength of pkg/util/validation/validation.go, checked 2026-11-29.
const maxSubdomain = 253

// maxCronJobName is the longest name of a CronJob: that of its Job has 11 characters more, and
// is a DNS label.
// Source: kubernetes/kubernetes v1.37.2, ValidateCronJobCreate of pkg/apis/batch/validation/validation.go, checked 2026-11-29.
const maxCronJobName = 52

// maxStatefulSetName is the longest name of a StatefulSet: the controller labels each pod with
// the name of its revision, the StatefulSet's, `-` and a hash of up to 10 digits, and a label's
// value has 63 characters.
// Source: kubernetes/kubernetes v1.37.2, ControllerRevisionName and HashControllerRevision of pkg/controller/history/controller_history.go, checked 2026-11-29.
const maxStatefulSetName = 52

// maxAnnotationsBytes is the size of the keys and values of one object's annotations.
// Source: k8s.io/apimachinery v0.37.2, TotalAnnotationSizeLimitB of pkg/api/validation/objectmeta.go, checked 2026-11-29.
const maxAnnotationsBytes = 256 << 10

// maxConfigMapBytes is the size of the values of one ConfigMap.
// Source: kubernetes/kubernetes v1.37.2, MaxSecretSize of pkg/apis/core/types.go, checked 2026-11-29.
const maxConfigMapBytes = 1 << 20

// defaultProgressDeadlineSeconds is how long a new copy may take where the author does not say.
// Source: kubernetes/kubernetes v1.37.2, SetDefaults_Deployment of pkg/apis/apps/v1/defaults.go, checked 2026-11-29.
const defaultProgressDeadlineSeconds = 600

// maxIndexedCopies is how many copies of a job count their own retries.
// Source: kubernetes/kubernetes v1.37.2, maxParallelismForIndexedJob and completionsSoftLimit of pkg/apis/batch/validation/validation.go, checked 2026-11-29.
const maxIndexedCopies = 100_000
