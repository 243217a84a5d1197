/// <reference types="vite/client" />
interface DetectedCode {
  rawValue: string
}
interface BarcodeDetectorLike {
  detect(source: CanvasImageSource): Promise<DetectedCode[]>
}
interface Window {
  BarcodeDetector?: new (options?: { formats: string[] }) => BarcodeDetectorLike
}
