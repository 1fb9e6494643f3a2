"""Ten foreign sheets: a table of headers, what each column is, and how its cells are made.

What a column is: the name of a role (`importer.suggest.roles`), several with | where each would be right; `field` for one
of the organisation's own; `-` for what no target takes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from foreign_sheets.cells import (
    Maker,
    amount,
    day,
    digits,
    either,
    joined,
    mail,
    numbered,
    one_of,
    some,
    street,
    token,
    whole,
    words,
)  # fmt: skip

ROWS = 200


@dataclass(frozen=True)
class Foreign:
    """One sheet. `columns`: (header, what it is, its cells)."""

    name: str
    language: str
    columns: Sequence[tuple[str, str, Maker]]

    def rows(self, seed: int = 4) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        """Header and rows, columns shuffled; always the same for a seed."""
        chance = Random(f"{seed} {self.name}")
        columns = list(self.columns)
        chance.shuffle(columns)
        header = tuple(column for column, _, _ in columns)
        return header, [tuple(maker(chance, row) for _, _, maker in columns) for row in range(ROWS)]

    @property
    def expected(self) -> Mapping[str, str]:
        """What each column is."""
        return {column: what for column, what, _ in self.columns}


DE_FIRST, DE_LAST = (
    one_of("Anna", "Björn", "Clara", "Dirk", "Jürgen", "Käthe", "Uwe"),
    one_of("Müller", "Voß", "Groß", "Lang", "von der Heide"),
)
ES_FIRST, ES_LAST = (
    one_of("Lucía", "José", "Íñigo", "Pilar", "Rocío"),
    one_of("Gómez", "Núñez", "Ibarra", "de la Cruz", "Peña"),
)
FR_FIRST, FR_LAST = (
    one_of("Zoé", "Rémi", "Inès", "Luc", "Maëlle"),
    one_of("Lefèvre", "Noël", "d'Aubigné", "Petit", "Le Goff"),
)
PT_FIRST, PT_LAST = (
    one_of("João", "Inês", "Caio", "Bia", "Thaís"),
    one_of("Souza", "Araújo", "da Silva", "Conceição", "Melo"),
)
HI_FIRST, HI_LAST = one_of("आशा", "रवि", "मीना", "करण", "ज्योति"), one_of("शर्मा", "वर्मा", "यादव", "जोशी", "नायर")
ZH_NAME = one_of("王芳", "李伟", "张敏", "刘洋", "陈静", "赵磊", "孙丽", "周杰")
JA_FIRST, JA_LAST = one_of("花子", "太郎", "美咲", "翔", "陽菜"), one_of("山田", "佐藤", "鈴木", "高橋", "田中")
AR_FIRST, AR_LAST = one_of("أحمد", "فاطمة", "ليلى", "يوسف", "مريم"), one_of("الحربي", "العتيبي", "الشمري", "القحطاني")
ID_NAME = joined(one_of("Budi", "Siti", "Agus", "Dewi", "Rini"), one_of("Santoso", "Lestari", "Wijaya", "Putri"))
EN_FIRST, EN_LAST = one_of("Amy", "Ben", "Chloe", "Dev", "Erin"), one_of("Baker", "Cole", "Dunn", "O'Hara", "Smith-Lee")

FIRST_TEN: tuple[Foreign, ...] = (
    Foreign("german_till", "German", (
        ("Kundennummer", "externalId", numbered("KD{:06}")),
        ("Vorname", "firstName", DE_FIRST),
        ("Nachname", "lastName", DE_LAST),
        ("Geburtsdatum", "birthDate", day("%d.%m.%Y")),
        ("Geschlecht", "gender", one_of("m", "w", "d", weights=(9, 9, 1))),
        ("Handy-Nr.", "mobile", either(digits("0171 39200##"), digits("+49 171 39200##"))),
        ("E-Mail-Adresse", "email", some(0.8, mail())),
        ("Ort", "city", one_of("Köln", "Bad Homburg", "Ulm", "Münster")),
        ("PLZ", "zip", digits("0####")),
        ("Straße", "-", street("Hauptstr.", "Am Markt", "Gartenweg")),
        ("Stammfiliale", "store", digits("F0##")),
        ("Punktestand", "points", whole(0, 9_999, thousands=".")),
        ("Newsletter", "field", one_of("ja", "nein")),
        ("Bemerkung", "-", some(0.3, words("ruft", "zurück", "Montag", "Rechnung", "bezahlt"))),
        ("Angelegt am", "-", day("%d.%m.%Y", "past")),
    )),
    Foreign("spanish_shop", "Spanish", (
        ("Nº Socio", "externalId", numbered("S-{:05}")),
        ("Nombre", "firstName", ES_FIRST),
        ("Apellidos", "lastName", ES_LAST),
        ("Móvil", "mobile", digits("600 000 ###")),
        ("Correo electrónico", "email", mail("example.org")),
        ("Fecha de nacimiento", "birthDate", day("%d/%m/%Y")),
        ("Sexo", "gender", one_of("H", "M")),
        ("Ciudad", "city", one_of("Málaga", "Vigo", "A Coruña", "León")),
        ("Código Postal", "zip", digits("0####")),
        ("Provincia", "state", one_of("Cádiz", "Lugo", "Soria")),
        ("Tienda preferida", "store", one_of("T01", "T02", "T17")),
        ("Nivel", "tier", one_of("Bronce", "Plata", "Oro")),
        ("Saldo de puntos", "points", whole(0, 5_000)),
        ("Puntos válidos hasta", "pointsExpiry", day("%d/%m/%Y", "future")),
        ("Estado civil", "maritalStatus", one_of("soltero", "casado", "viudo")),
        ("Fecha de alta", "-", day("%d/%m/%Y", "past")),
    )),
    Foreign("french_members", "French", (
        ("N° client", "externalId", numbered("C{:07}")),
        ("Prénom", "firstName", FR_FIRST),
        ("Nom de famille", "lastName", FR_LAST),
        ("Tél. portable", "mobile", digits("06 00 00 0# ##")),
        ("Courriel", "email", some(0.7, mail("example.net"))),
        ("Date de naiss.", "birthDate", day("%d/%m/%y")),
        ("Sexe", "gender", one_of("H", "F")),
        ("Ville", "city", one_of("Nîmes", "Évreux", "Lyon", "Le Mans")),
        ("CP", "zip", digits("0####")),
        ("Pays", "country", one_of("France", "Belgique")),
        ("N° carte fidélité", "cardNumber", numbered("29000000{:05}")),
        ("Magasin habituel", "store", one_of("Nîmes Centre", "Lyon 2", "Évreux")),
        ("Profession", "profession", one_of("boulanger", "infirmière", "cadre", "retraité")),
        ("Dernier achat", "-", day("%d/%m/%Y", "past")),
        ("Total dépensé", "-", amount(",")),
    )),
    Foreign("portuguese_lojas", "Portuguese", (
        ("cod_cliente", "externalId", numbered("{:08}")),
        ("nome_completo", "fullName", joined(PT_FIRST, PT_LAST)),
        ("celular", "mobile", digits("(11) 90000-0###")),
        ("e_mail", "email", mail()),
        ("dt_nasc", "birthDate", day("%d/%m/%Y")),
        ("sexo", "gender", one_of("masculino", "feminino")),
        ("cidade", "city", one_of("São Luís", "Belém", "Jundiaí")),
        ("uf", "state", one_of("SP", "PA", "MA")),
        ("cep", "zip", digits("0####-###")),
        ("loja_preferida", "store", one_of("Centro", "Norte", "Shopping")),
        ("pontos", "points", whole(0, 20_000)),
        ("validade_pontos", "pointsExpiry", day("%Y-%m-%d", "future")),
        ("ativo", "-", one_of("S", "N")),
        ("aceita_sms", "field", one_of("S", "N")),
        ("obs", "-", some(0.2, words("cliente", "antigo", "ligar", "tarde"))),
    )),
    Foreign("hindi_grahak", "Hindi", (
        ("ग्राहक आईडी", "externalId", numbered("GR{:05}")),
        ("पहला नाम", "firstName", HI_FIRST),
        ("उपनाम", "lastName", HI_LAST),
        ("मोबाइल नंबर", "mobile", either(digits("90000 00###"), digits("+91900000####"))),
        ("ईमेल", "email", some(0.5, mail())),
        ("जन्म तिथि", "birthDate", day("%d-%m-%Y")),
        ("लिंग", "gender", one_of("पुरुष", "महिला")),
        ("शहर", "city", one_of("जयपुर", "इंदौर", "पटना")),
        ("राज्य", "state", one_of("राजस्थान", "बिहार")),
        ("पिन कोड", "zip", digits("30####")),
        ("अंक", "points", whole(0, 3_000)),
        ("श्रेणी", "tier", one_of("कांस्य", "रजत", "स्वर्ण")),
        ("विवाह तिथि", "weddingDate", some(0.6, day("%d-%m-%Y", "past"))),
        ("टिप्पणी", "-", some(0.3, words("पुराना", "ग्राहक", "फोन", "करें"))),
    )),
    Foreign("chinese_members", "Chinese", (
        ("会员卡号", "cardNumber|externalId", numbered("800000{:06}")),
        ("姓名", "fullName", ZH_NAME),
        ("手机号码", "mobile", digits("138 0000 0###")),
        ("电子邮箱", "email", some(0.4, mail("example.cn"))),
        ("出生日期", "birthDate", day("%Y/%m/%d")),
        ("性别", "gender", one_of("男", "女")),
        ("城市", "city", one_of("上海", "成都", "西安")),
        ("省份", "state", one_of("四川", "陕西")),
        ("邮政编码", "zip", digits("20####")),
        ("会员等级", "tier", one_of("普通会员", "银卡", "金卡")),
        ("积分余额", "points", whole(0, 90_000)),
        ("积分有效期", "pointsExpiry", day("%Y/%m/%d", "future")),
        ("常去门店", "store", one_of("南京路店", "春熙路店")),
        ("微信号", "wechatId", token(12)),
        ("备注", "-", some(0.2, words("老客户", "电话", "回访"))),
    )),
    Foreign("japanese_kaiin", "Japanese", (
        ("会員番号", "externalId", numbered("J{:07}")),
        ("姓", "lastName", JA_LAST),
        ("名", "firstName", JA_FIRST),
        ("携帯電話番号", "mobile", digits("090-1000-0###")),
        ("メールアドレス", "email", mail("example.jp")),
        ("生年月日", "birthDate", day("%Y/%m/%d")),
        ("性別", "gender", one_of("男性", "女性")),
        ("郵便番号", "zip", digits("1##-00##")),
        ("都道府県", "state", one_of("東京都", "大阪府", "北海道")),
        ("市区町村", "city", one_of("港区", "札幌市", "堺市")),
        ("会員ランク", "tier", one_of("レギュラー", "シルバー", "ゴールド")),
        ("保有ポイント", "points", whole(0, 40_000, thousands=",")),
        ("フリガナ", "-", one_of("ヤマダ ハナコ", "サトウ タロウ", "スズキ ショウ")),
        ("緊急連絡先", "-", digits("03-0000-0###")),
        ("入会日", "-", day("%Y/%m/%d", "past")),
    )),
    Foreign("arabic_customers", "Arabic", (
        ("رقم العميل", "externalId", numbered("A{:06}")),
        ("الاسم الأول", "firstName", AR_FIRST),
        ("اسم العائلة", "lastName", AR_LAST),
        ("رقم الجوال", "mobile", either(digits("050 000 0###"), digits("+966 50 000 0###"))),
        ("البريد الإلكتروني", "email", some(0.6, mail("example.sa"))),
        ("تاريخ الميلاد", "birthDate", day("%d/%m/%Y")),
        ("الجنس", "gender", one_of("ذكر", "أنثى")),
        ("المدينة", "city", one_of("الرياض", "جدة", "أبها")),
        ("الدولة", "country", one_of("السعودية", "الكويت")),
        ("الجنسية", "nationality", one_of("سعودي", "مصري", "هندي")),
        ("رصيد النقاط", "points", whole(0, 8_000)),
        ("الفرع المفضل", "store", one_of("فرع العليا", "فرع النخيل")),
        ("ملاحظات", "-", some(0.2, words("عميل", "قديم", "اتصال"))),
    )),
    Foreign("indonesian_pelanggan", "Indonesian", (
        ("ID Pelanggan", "externalId", numbered("PLG{:05}")),
        ("Nama Lengkap", "fullName", ID_NAME),
        ("No. HP", "mobile", either(digits("0812-0000-0###"), digits("+62 812-0000-0###"))),
        ("Alamat Surel", "email", some(0.6, mail("example.co.id"))),
        ("Tgl Lahir", "birthDate", day("%d %b %Y")),
        ("Jenis Kelamin", "gender", one_of("L", "P")),
        ("Kota", "city", one_of("Bandung", "Medan", "Solo")),
        ("Provinsi", "state", one_of("Jawa Barat", "Sumatera Utara")),
        ("Kode Pos", "zip", digits("40###")),
        ("Agama", "religion", one_of("Islam", "Kristen", "Hindu")),
        ("Tingkat", "tier", one_of("Perunggu", "Perak", "Emas")),
        ("Saldo Poin", "points", whole(0, 12_000, thousands=".")),
        ("Masa Berlaku Poin", "pointsExpiry", day("%d/%m/%Y", "future")),
        ("Cabang", "store", one_of("BDG-01", "MDN-02")),
        ("Catatan", "-", some(0.2, words("pelanggan", "lama", "hubungi"))),
    )),
    Foreign("english_extract", "English, abbreviated", (
        ("CUST_NBR", "externalId", numbered("{:09}")),
        ("cust_frst_nm", "firstName", EN_FIRST),
        ("cust_lst_nm", "lastName", EN_LAST),
        ("cust_mob_ph", "mobile", digits("+1 212 555 01##")),
        ("cust_alt_ph", "mobile2", some(0.3, digits("+1 212 555 01##"))),
        ("custEmailAddr", "email", mail()),
        ("BRTH_DT", "birthDate", day("%m/%d/%Y")),
        ("gndr_cd", "gender", one_of("M", "F", "U")),
        ("cty_nm", "city", one_of("Albany", "Troy", "Utica")),
        ("zip_cd", "zip", digits("12###")),
        ("LYLTY_TIER", "tier", one_of("BASE", "SILVER", "GOLD")),
        ("TierExpDt", "tierExpiry", day("%m/%d/%Y", "future")),
        ("pts_bal", "points", whole(0, 60_000)),
        ("pref_store_no", "store", digits("0##")),
        ("mgr_nm", "-", one_of("Kim Lee", "Pat Roe")),
        ("last_upd_ts", "-", day("%Y-%m-%d 10:15:00", "past")),
    )),
)  # fmt: skip
