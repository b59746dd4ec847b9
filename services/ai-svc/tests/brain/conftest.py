from model_calls import quick_retries

__all__ = ["quick_retries"]
