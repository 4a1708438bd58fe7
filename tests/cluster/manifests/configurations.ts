const digest = `sha256:${"a".repeat(64)}`;
const encrypted = { secure: "v1:encrypted" };

/** A stack's configuration by key, without the project's name before it. */
export type Configuration = Readonly<Record<string, unknown>>;

const images = {
  trainer: `registry.example.com/trainer@${digest}`,
  server: `registry.example.com/server@${digest}`,
  tracker: `registry.example.com/tracker@${digest}`,
};

/**
 * Configurations that have, together, every option of the target and every object that it can make.
 */
export const configurations: Readonly<Record<string, Configuration>> = {
  defaults: { images },
  everything: {
    images: { ...images, pullSecrets: ["registry"], trainerTarget: "gpu" },
    kubernetes: {
      quota: { "requests.cpu": 16, "requests.memory": "64Gi", pods: 100 },
      limits: {
        defaultRequest: { cpu: "100m", memory: "128Mi" },
        default: { memory: "512Mi" },
        max: { cpu: 8, memory: "16Gi" },
      },
    },
    store: { storage: "40Gi", storageClass: "fast", resources: { limits: { cpu: 2 } } },
    tracker: {
      replicas: 2,
      database: { storage: "10Gi", storageClass: "fast" },
      ingress: {
        host: "tracker.example.com",
        className: "nginx",
        tlsSecret: "tracker-tls",
        annotations: { "nginx.ingress.kubernetes.io/proxy-body-size": "0" },
      },
    },
    trackerToken: encrypted,
    gpu: {
      count: 2,
      nodes: { names: ["gpu-1"] },
      devicePlugin: true,
      runtimeClass: { name: "nvidia", handler: "nvidia" },
      timeSlicing: { replicas: 4 },
    },
    model: {
      retrain: "on-change",
      hyperparameters: { epochs: 2 },
      sweep: { strategy: "grid", parallelism: 2, parameters: { learningRate: [0.001, 0.004] } },
    },
    training: {
      queue: "trainings",
      priorityClass: "system-cluster-critical",
      internet: true,
      timeoutMinutes: 30,
    },
    inference: {
      replicas: { min: 3, max: 30 },
      service: { type: "LoadBalancer", annotations: { "example.com/internal": true } },
      ingress: { host: "digits.example.com", className: "nginx", tlsSecret: "digits-tls" },
      resources: { requests: { cpu: 1, memory: "512Mi" }, limits: { cpu: 2, memory: "1Gi" } },
      corsOrigins: ["https://app.example.com"],
      traces: "http://collector.monitoring:4318",
    },
    predictToken: encrypted,
    monitoring: { serviceMonitor: { labels: { release: "prometheus" } }, namespace: "monitoring" },
  },
  gateway: {
    images,
    store: { s3: { uri: "s3://models/updraft", endpoint: "https://s3.example.com", region: "eu" } },
    s3AccessKeyId: "updraft",
    s3SecretAccessKey: encrypted,
    databaseUri: encrypted,
    trackerUsername: "team",
    trackerPassword: encrypted,
    inference: {
      service: { type: "NodePort", nodePort: 30999 },
      gateway: { name: "public", namespace: "gateways", host: "digits.example.com" },
    },
  },
  kserve: {
    images: { trainer: images.trainer, server: images.server, mlflow: images.tracker },
    store: { s3: { uri: "s3://models", roleArn: "arn:aws:iam::123456789012:role/models" } },
    tracker: { kind: "mlflow" },
    inference: { serving: "kserve", replicas: { min: 1, max: 4 } },
    predictToken: encrypted,
    monitoring: { serviceMonitor: {} },
  },
  promoted: {
    images,
    promotion: { fromStack: "dev" },
    store: { readers: ["prod", "organization/updraft/lab"] },
  },
  pinned: { images, inference: { pin: "3", pinReason: "the new one mixes up 4 and 9" } },
  existing: {
    images: { trainer: images.trainer, server: images.server },
    tracker: { uri: "https://mlflow.example.com" },
    trackerToken: encrypted,
    monitoring: { annotations: false },
  },
};
