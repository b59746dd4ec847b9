"""The instruments of the generated sessions: real codes and names, prices that are only plausible."""

from dataclasses import dataclass
from zlib import crc32


@dataclass(frozen=True)
class Instrument:
    """One line of the cash market. `price` is in cents of the unit that FATCOT names; `options` marks a liquid underlying."""

    code: str
    name: str
    kind: str
    bdi: str
    price: int
    isin: str
    factor: int = 1
    options: bool = False
    odd_lot: bool = False


# code, name (12 characters at most), specification, price in cents; the first ones have listed options and forwards.
_LIQUID = """
PETR4 PETROBRAS|PN      N2|3596;PETR3 PETROBRAS|ON      N2|3890;VALE3 VALE|ON      NM|5810;ITUB4 ITAUUNIBANCO|PN      N1|3412
BBDC4 BRADESCO|PN      N1|1377;BBAS3 BRASIL|ON      NM|2598;B3SA3 B3|ON      NM|1034;ABEV3 AMBEV S/A|ON|1235;WEGE3 WEG|ON      NM|5390
MGLU3 MAGAZ LUIZA|ON      NM|905;BBDC3 BRADESCO|ON      N1|1214;ITSA4 ITAUSA|PN      N1|1021;RENT3 LOCALIZA|ON      NM|4204
SUZB3 SUZANO S.A.|ON      NM|6012;GGBR4 GERDAU|PN      N1|1859;CSNA3 SID NACIONAL|ON|1190;USIM5 USIMINAS|PNA     N1|612
PRIO3 PETRORIO|ON      NM|4071;ELET3 ELETROBRAS|ON      N1|3722;LREN3 LOJAS RENNER|ON      NM|1690;HAPV3 HAPVIDA|ON      NM|311
RADL3 RAIADROGASIL|ON      NM|2390;CMIG4 CEMIG|PN      N1|1129;VIVT3 TELEF BRASIL|ON|5422;EMBR3 EMBRAER|ON      NM|5188
"""
_STOCKS = """
RAIL3 RUMO S.A.|ON      NM|1930;SBSP3 SABESP|ON      NM|9240;EQTL3 EQUATORIAL|ON      NM|3110;BBSE3 BBSEGURIDADE|ON      NM|3502
UGPA3 ULTRAPAR|ON      NM|2005;CCRO3 CCR SA|ON      NM|1187;ENEV3 ENEVA|ON      NM|1244;KLBN11 KLABIN S/A|UNT     N2|2098;TOTS3 TOTVS|ON      NM|2967
HYPE3 HYPERA|ON      NM|2245;CSAN3 COSAN|ON      NM|1170;BRFS3 BRF SA|ON      NM|2512;JBSS3 JBS|ON      NM|3620;MRFG3 MARFRIG|ON      NM|1555
BEEF3 MINERVA|ON      NM|599;CPLE6 COPEL|PNB     N2|964;CPFE3 CPFL ENERGIA|ON      NM|3340;EGIE3 ENGIE BRASIL|ON      NM|3960
TAEE11 TAESA|UNT     N2|3430;SANB11 SANTANDER BR|UNT|2590;BPAC11 BTGP BANCO|UNT     N2|3290;MULT3 MULTIPLAN|ON      NM|2488
ASAI3 ASSAI|ON      NM|688;CRFB3 CARREFOUR BR|ON      NM|734;PCAR3 P.ACUCAR-CBD|ON      NM|305;COGN3 COGNA ON|ON      NM|141;YDUQ3 YDUQS PART|ON      NM|976
CVCB3 CVC BRASIL|ON      NM|219;AZUL4 AZUL|PN      N2|512;GOLL4 GOL|PN      N2|114;CYRE3 CYRELA REALT|ON      NM|2076;MRVE3 MRV|ON      NM|655
EZTC3 EZTEC|ON      NM|1360;JHSF3 JHSF PART|ON      NM|445;DIRR3 DIRECIONAL|ON      NM|2980;TEND3 TENDA|ON      NM|1421;FLRY3 FLEURY|ON      NM|1488
QUAL3 QUALICORP|ON      NM|187;SMTO3 SAO MARTINHO|ON      NM|2610;SLCE3 SLC AGRICOLA|ON      NM|1796;RAIZ4 RAIZEN|PN      N2|268;VBBR3 VIBRA|ON      NM|2160
BRAP4 BRADESPAR|PN      N1|1790;GOAU4 GERDAU MET|PN      N1|1030;CMIN3 CSNMINERACAO|ON      N2|603;IRBR3 IRBBRASIL RE|ON      NM|4605
PSSA3 PORTO SEGURO|ON      NM|3810;STBP3 SANTOS BRP|ON      NM|1318;TIMS3 TIM|ON      NM|1670;ALPA4 ALPARGATAS|PN      N1|668;GRND3 GRENDENE|ON      NM|543
POMO4 MARCOPOLO|PN      N2|860;RAPT4 RANDON PART|PN      N1|1066;TUPY3 TUPY|ON      NM|2390;LEVE3 METAL LEVE|ON      NM|2980;ODPV3 ODONTOPREV|ON      NM|1151
"""
_FUNDS = [
    "MXRF11",
    "KNCR11",
    "HGLG11",
    "XPML11",
    "KNIP11",
    "BTLG11",
    "VISC11",
    "HGRU11",
    "XPLG11",
    "CPTS11",
    "KNSC11",
    "RECR11",
    "MCCI11",
    "VGHF11",
    "IRDM11",
    "TRXF11",
    "HGBS11",
    "PVBI11",
    "BRCR11",
    "RBRR11",
    "HSML11",
    "VGIR11",
    "JSRE11",
    "HGCR11",
    "KNRI11",
    "MALL11",
    "BRCO11",
    "TGAR11",
    "RZTR11",
    "GGRC11",
    "LVBI11",
    "VILG11",
    "RBVA11",
    "ALZR11",
    "BCFF11",
    "HFOF11",
    "XPSF11",
    "RBRF11",
    "DEVA11",
    "HCTR11",
    "URPR11",
    "CVBI11",
    "RBRP11",
    "PATL11",
    "SDIL11",
    "GTWR11",
    "RECT11",
    "BTAL11",
    "VINO11",
    "OUJP11",
    "HABT11",
    "VRTA11",
    "PLCR11",
    "AFHI11",
    "RZAK11",
    "BCRI11",
    "CACR11",
    "SNCI11",
    "TVRI11",
    "WHGR11",
]
_ETFS = [
    "BOVA11",
    "IVVB11",
    "SMAL11",
    "HASH11",
    "BOVV11",
    "NASD11",
    "DIVO11",
    "XINA11",
    "FIND11",
    "MATB11",
    "ISUS11",
    "ECOO11",
    "BRAX11",
    "GOLD11",
    "WRLD11",
    "ACWI11",
    "TECK11",
    "QBTC11",
    "ETHE11",
    "B5P211",
]
_RECEIPTS = [
    "AAPL34",
    "MSFT34",
    "AMZO34",
    "GOGL34",
    "TSLA34",
    "NVDC34",
    "M1TA34",
    "NFLX34",
    "COCA34",
    "DISB34",
    "JNJB34",
    "JPMC34",
    "VISA34",
    "MCDC34",
    "NIKE34",
    "PEPB34",
    "PFIZ34",
    "PGCO34",
    "WALM34",
    "BERK34",
    "BOAC34",
    "CSCO34",
    "EXXO34",
    "GEOO34",
    "IBMB34",
    "ITLC34",
    "MELI34",
    "MRCK34",
    "ORCL34",
    "QCOM34",
    "SBUB34",
    "UPAC34",
    "USBC34",
    "VERZ34",
    "XRXB34",
    "A1MD34",
    "ADBE34",
    "AVGO34",
    "BABA34",
    "BIDU34",
    "BKNG34",
    "CATP34",
    "CHVX34",
    "COPH34",
    "CTGP34",
    "DEEC34",
    "EBAY34",
    "FDXB34",
    "FDMO34",
    "GSGI34",
    "HOME34",
    "HONB34",
    "KHCB34",
    "LILY34",
    "LMTB34",
    "MACY34",
    "MMMC34",
    "MSBR34",
    "PYPL34",
    "RIOT34",
]


def _isin(code: str, kind: str) -> str:
    """Twelve characters shaped like an ISIN of B3 (its check digit is not computed: no reader needs it)."""
    family = {"12": "CTF", "14": "CTF", "34": "BDR"}.get(kind, "ACN")
    return f"BR{code[:4]}{family}{crc32(code.encode()) % 1000:03d}"


def _parse(text: str, *, options: bool) -> list[Instrument]:
    found = []
    for entry in text.replace("\n", ";").split(";"):
        if not entry.strip():
            continue
        head, kind, price = entry.split("|")
        code, name = head.split(" ", 1)
        found.append(Instrument(code, name, kind, "02", int(price), _isin(code, "02"), options=options, odd_lot=True))
    return found


def _listed(
    codes: list[str], *, bdi: str, label: str, kind: str, low: int, high: int, odd_lot: bool = False
) -> list[Instrument]:
    """Instruments known by code only; the price is derived from the code, so it is the same on every machine."""
    return [
        Instrument(
            code,
            f"{label} {code[:4]}"[:12],
            kind,
            bdi,
            low + crc32(code.encode()) % (high - low),
            _isin(code, bdi),
            odd_lot=odd_lot,
        )
        for code in codes
    ]


INSTRUMENTS: tuple[Instrument, ...] = (
    *_parse(_LIQUID, options=True),
    *_parse(_STOCKS, options=False),
    *_listed(_FUNDS, bdi="12", label="FII", kind="CI", low=850, high=16_000, odd_lot=True),
    *_listed(_ETFS, bdi="14", label="ETF", kind="CI", low=1_500, high=32_000),
    *_listed(_RECEIPTS, bdi="34", label="BDR", kind="DRN", low=1_200, high=90_000),
    # Quoted per thousand, as FINAM and FISET really are: a reader that forgets FATCOT is off by 1000.
    Instrument("FNAM11", "FINAM", "CI *", "14", 36, "BRFNAMCTF013", factor=1000),
    Instrument("FNOR11", "FINOR", "CI *", "14", 22, "BRFNORCTF013", factor=1000),
)
